#include "http/head_parser.hpp"

#include <algorithm>
#include <charconv>
#include <string>

#include "base/text.hpp"

namespace llm::http {
namespace {

bool has_only_chunked(const HttpResponseHead& head) {
  return std::ranges::all_of(head.headers, [](const HttpHeader& header) {
    return !base::equals_ignoring_case(header.name, "transfer-encoding") ||
           base::equals_ignoring_case(header.value, "chunked");
  });
}

}  // namespace

std::optional<HeadParser::Fault> HeadParser::take_line(std::string_view line) {
  bytes_ += line.size();
  if (bytes_ > kMaxHeadBytes) return Fault::too_large;
  if (complete_) return std::nullopt;  // a trailer
  if (line.starts_with("HTTP/")) {
    begin(line);
  } else if (base::trim(line).empty()) {
    if (!has_only_chunked(head_)) return Fault::transfer_coding;
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
