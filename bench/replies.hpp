#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// An answer as it goes over the wire. Between `head` and `body` stand the time of sending, as the
/// value of x-amzn-requestid, and an empty line.
struct Reply {
  std::string head{};
  std::string body{};
};

/// The answer of an operation (`invoke`, `invoke-with-response-stream`, `converse`,
/// `converse-stream`); a streamed one has that many text deltas, each event in an HTTP chunk of its
/// own, as Bedrock sends them.
[[nodiscard]] Reply make_reply(std::string_view operation, std::size_t deltas);

/// The messages of a streamed answer, without the framing of HTTP; the delta may be repeated.
struct StreamMessages {
  std::vector<std::string> before{};
  std::string delta{};
  std::vector<std::string> after{};
};
[[nodiscard]] StreamMessages stream_messages(std::string_view operation);

/// The body of a whole answer.
[[nodiscard]] std::string_view whole_answer(std::string_view operation);

/// A whole answer with this JSON.
[[nodiscard]] Reply json_reply(std::string_view json);

}  // namespace bench
