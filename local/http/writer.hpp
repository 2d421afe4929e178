#pragma once

#include <string>
#include <string_view>

#include "local/http/message.hpp"

namespace llm::local {

/// What the request decides about the form of its reply.
struct Framing {
  bool chunked = true;     ///< HTTP/1.1; an HTTP/1.0 stream ends with the connection.
  bool keep_alive = true;  ///< The connection serves another request.
  bool head_only = false;  ///< The request is a HEAD, whose reply has no body.
};

/// Status line and headers, the empty line included.
[[nodiscard]] std::string head_bytes(const Reply& reply, Framing framing);

/// One piece of a streamed body; nothing for a piece without bytes.
[[nodiscard]] std::string chunk_bytes(std::string_view piece, Framing framing);

/// What ends a streamed body.
[[nodiscard]] std::string_view end_bytes(Framing framing);

}  // namespace llm::local
