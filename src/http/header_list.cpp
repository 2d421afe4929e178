#include "http/header_list.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/text.hpp"

namespace llm::http {
namespace {

// Expect would cost a second with servers that do not know it.
constexpr std::array<std::string_view, 3> kNotOfLibcurl{"Expect", "Accept", "Content-Type"};
constexpr std::size_t kMostPunctuation = 3;  // ": " and the zero byte

bool has_header(const HttpRequest& request, std::string_view name) {
  return std::ranges::any_of(request.headers, [&](const HttpHeader& header) {
    return header.name.size() == name.size() && base::equals_ignoring_case(header.name, name);
  });
}

std::size_t room_for(const HttpRequest& request) {
  std::size_t bytes = 0;
  for (const HttpHeader& header : request.headers) {
    bytes += header.name.size() + header.value.size() + kMostPunctuation;
  }
  for (const std::string_view name : kNotOfLibcurl) bytes += name.size() + kMostPunctuation;
  return bytes;
}

}  // namespace

HeaderList::HeaderList(const HttpRequest& request) {
  // Neither grows beyond this: the nodes point into the text and at each other.
  text_.reserve(room_for(request));
  nodes_.reserve(request.headers.size() + kNotOfLibcurl.size());
  for (const HttpHeader& header : request.headers) {
    const std::size_t begin = text_.size();
    text_ += header.name;
    if (header.value.empty()) {
      text_ += ';';  // libcurl's word for a header without a value
    } else {
      text_.append(": ").append(header.value);
    }
    add(begin);
  }
  for (const std::string_view name : kNotOfLibcurl) {
    if (has_header(request, name)) continue;
    const std::size_t begin = text_.size();
    text_.append(name).append(":");  // without a value: libcurl leaves its own out
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
