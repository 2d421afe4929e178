#pragma once

#include <cstddef>
#include <string>
#include <string_view>

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

/// A whole answer with this JSON.
[[nodiscard]] Reply json_reply(std::string_view json);

}  // namespace bench
