#include "http/header_list.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/text.hpp"

namespace llm::http {
namespace {

// Not to be added by libcurl. Expect would cost a second with servers that do not support it.
constexpr std::array<std::string_view, 3> kSuppressed{"Expect", "Accept", "Content-Type"};
constexpr std::size_t kMaxPunctuation = 3;  // ": " and the zero byte

bool has_header(const HttpRequest& request, std::string_view name) {
  return std::ranges::any_of(request.headers, [&](const HttpHeader& header) {
    return header.name.size() == name.size() && base::equals_ignoring_case(header.name, name);
  });
}

std::size_t room_for(const HttpRequest& request) {
  std::size_t bytes = 0;
  for (const HttpHeader& header : request.headers) {
    bytes += header.name.size() + header.value.size() + kMaxPunctuation;
  }
  for (const std::string_view name : kSuppressed) bytes += name.size() + kMaxPunctuation;
  return bytes;
}

}  // namespace

HeaderList::HeaderList(const HttpRequest& request) {
  // Neither may reallocate: the nodes point into the text and at each other.
  text_.reserve(room_for(request));
  nodes_.reserve(request.headers.size() + kSuppressed.size());
  for (const HttpHeader& header : request.headers) {
    const std::size_t begin = text_.size();
    text_ += header.name;
    if (header.value.empty()) {
      text_ += ';';  // libcurl's notation for a header without a value
    } else {
      text_.append(": ").append(header.value);
    }
    add(begin);
  }
  for (const std::string_view name : kSuppressed) {
    if (has_header(request, name)) continue;
    const std::size_t begin = text_.size();
    text_.append(name).append(":");  // without a value: libcurl omits its own
    add(begin);
  }
}

/// Ends the line that begins at `begin`.
void HeaderList::add(std::size_t begin) {
  text_ += '\0';
  nodes_.push_back({.data = text_.data() + begin, .next = nullptr});
  if (nodes_.size() > 1) nodes_[nodes_.size() - 2].next = &nodes_.back();
}

}  // namespace llm::http
