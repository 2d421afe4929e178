#include "local/http/http2_message.hpp"

#include <utility>

#include "base/text.hpp"

namespace llm::local {
namespace {

constexpr std::string_view kAuthority = ":authority";
// Counted for each field besides its bytes (RFC 9113, section 6.5.2).
constexpr std::size_t kFieldOverhead = 32;

}  // namespace

void Http2Request::add_field(std::string_view name, std::string_view value) {
  header_bytes_ += name.size() + value.size() + kFieldOverhead;
  if (header_bytes_ > kMaxReceivedHeaderBytes) request_.defect = Defect::headers_too_large;
  if (request_.defect != Defect::none) return;
  if (name == ":method") {
    request_.method = value;
  } else if (name == ":path") {
    request_.target = value;
  } else if (name == kAuthority || !name.starts_with(':')) {
    request_.headers.push_back({std::string(name), std::string(value)});
  }
}

void Http2Request::add_data(std::string_view bytes) {
  if (request_.body.size() + bytes.size() > kMaxReceivedBodyBytes) {
    request_.defect = Defect::body_too_large;
    return;
  }
  request_.body.append(bytes);
}

bool Http2Request::wants_continue() const {
  return base::equals_ignoring_case(request_.header("expect"), "100-continue");
}

Request Http2Request::take() {
  const std::string authority(request_.header(kAuthority));
  const std::string_view host = request_.header("host");
  if (!authority.empty() && host.empty()) {
    request_.headers.push_back({"host", authority});
  } else if (!authority.empty() && host != authority) {
    // RFC 9113, section 8.3.1.
    request_.defect = Defect::malformed;
  }
  if (request_.defect == Defect::none && !repeated_header(request_).empty()) {
    request_.defect = Defect::repeated_header;
  }
  return std::exchange(request_, {});
}

std::vector<HttpHeader> http2_fields(const Reply& reply) {
  std::vector<HttpHeader> fields{{":status", std::to_string(reply.status)}};
  for (const HttpHeader& header : reply.headers) {
    fields.push_back({base::to_lower(header.name), header.value});
  }
  if (!reply.streamed) fields.push_back({"content-length", std::to_string(reply.body.size())});
  return fields;
}

}  // namespace llm::local
