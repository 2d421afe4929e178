#pragma once

#include <string>
#include <string_view>

#include "local/http/message.hpp"

namespace llm::local {

/// How the reply is framed; the request decides.
struct Framing {
  bool chunked = true;     ///< HTTP/1.1; an HTTP/1.0 stream ends with the connection.
  bool keep_alive = true;  ///< The connection serves another request.
  bool head_only = false;  ///< The request is a HEAD, whose reply has no body.
};

/// Status line and headers, the empty line included.
[[nodiscard]] std::string head_bytes(const Reply& reply, Framing framing);

/// `bytes` as one chunk of a streamed body; empty for no bytes.
[[nodiscard]] std::string chunk_bytes(std::string_view bytes, Framing framing);

/// The end of a streamed body.
[[nodiscard]] std::string_view end_bytes(Framing framing);

}  // namespace llm::local
