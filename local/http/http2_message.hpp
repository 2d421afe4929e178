#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "local/http/message.hpp"

namespace llm::local {

/// A request of HTTP/2 while it arrives, field by field. What exceeds a limit is dropped and
/// recorded as a defect.
class Http2Request {
 public:
  /// A pseudo-header or a header. `:authority` stays among the headers, because clients sign it.
  void add_field(std::string_view name, std::string_view value);
  void add_data(std::string_view bytes);

  [[nodiscard]] Defect defect() const { return request_.defect; }
  [[nodiscard]] std::size_t body_size() const { return request_.body.size(); }
  [[nodiscard]] bool wants_continue() const;

  /// The request as HTTP/1.1 would have delivered it: with a `host`. One that differs from
  /// `:authority` is a defect, and so is a repeated header.
  [[nodiscard]] Request take();

 private:
  Request request_;
  std::size_t header_bytes_ = 0;
};

/// `:status`, the headers of the reply in lower case, and `content-length` unless it is streamed.
[[nodiscard]] std::vector<HttpHeader> http2_fields(const Reply& reply);

}  // namespace llm::local
