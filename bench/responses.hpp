#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// A response as bytes. The server inserts the time of sending, as the value of x-amzn-requestid,
/// and an empty line between `head` and `body`.
struct Response {
  std::string head{};
  std::string body{};
  std::size_t first_delta_end = 0;  ///< Of a stream: where in `body` its first delta ends.
  std::size_t deltas_end = 0;       ///< The same for the last.
  std::size_t delta_bytes = 0;      ///< Of each of them.
};

/// The response of an operation (`invoke`, `invoke-with-response-stream`, `converse`,
/// `converse-stream`). A streaming one has `deltas` text deltas; each frame is an HTTP chunk, as
/// Bedrock sends them.
[[nodiscard]] Response make_response(std::string_view operation, std::size_t deltas);

/// The frames of a streaming response, without HTTP chunks; `delta` may be repeated.
struct StreamFrames {
  std::vector<std::string> before{};
  std::string delta{};
  std::vector<std::string> after{};
};
[[nodiscard]] StreamFrames stream_frames(std::string_view operation);

/// The body of a buffered response.
[[nodiscard]] std::string_view buffered_body(std::string_view operation);

/// A buffered response with this JSON.
[[nodiscard]] Response json_response(std::string_view json);

}  // namespace bench
