#include "http/head_parser.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

#include "base/text.hpp"

namespace llm::http {
namespace {

/// Reads the headers that say where the body ends (RFC 9112, section 6).
std::optional<HeadParser::Fault> framing_fault(const HttpResponseHead& head) {
  bool is_chunked = false;
  const std::string* length = nullptr;
  for (const HttpHeader& header : head.headers) {
    if (base::equals_ignoring_case(header.name, "transfer-encoding")) {
      const bool is_again = std::exchange(is_chunked, true);
      if (is_again || !base::equals_ignoring_case(header.value, "chunked")) {
        return HeadParser::Fault::transfer_coding;
      }
    } else if (base::equals_ignoring_case(header.name, "content-length")) {
      if (length != nullptr && *length != header.value) return HeadParser::Fault::lengths;
      length = &header.value;
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<HeadParser::Fault> HeadParser::take_line(std::string_view line) {
  bytes_ += line.size();
  if (bytes_ > kMaxHeadBytes) return Fault::too_large;
  if (complete_) return std::nullopt;  // a trailer
  if (line.starts_with("HTTP/")) {
    begin(line);
  } else if (base::trim(line).empty()) {
    if (const auto fault = framing_fault(head_)) return fault;
    complete_ = started();
  } else {
    add_field(line);
  }
  return std::nullopt;
}

void HeadParser::begin(std::string_view status_line) {
  constexpr std::size_t kUsualFields = 12;  // Bedrock sends six to ten
  head_ = {};
  head_.headers.reserve(kUsualFields);
  status_line.remove_prefix(std::min(status_line.find(' '), status_line.size()));
  const std::string_view status = base::trim(status_line);
  std::from_chars(status.data(), status.data() + status.size(), head_.status);
}

void HeadParser::add_field(std::string_view line) {
  // RFC 9112 section 5.2: a folded line continues the previous value.
  if (line.front() == ' ' || line.front() == '\t') {
    if (!head_.headers.empty()) head_.headers.back().value.append(" ").append(base::trim(line));
    return;
  }
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return;
  head_.headers.push_back({.name = std::string(base::trim(line.substr(0, colon))),
                           .value = std::string(base::trim(line.substr(colon + 1)))});
}

}  // namespace llm::http
