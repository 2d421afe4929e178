#include "local/http/message.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"

namespace llm::local {
namespace {

// What decides who calls, what is signed and how a body is read.
// Other headers may be lists, or have no effect here.
constexpr std::array<std::string_view, 6> kDecidingHeaders{
    "authorization", "content-type", "date", "expect", "host", "origin"};
constexpr std::array<std::string_view, 3> kDecidingPrefixes{"anthropic-", "sec-fetch-", "x-amz"};

bool decides(std::string_view name) {
  const auto is_name = [name](std::string_view known) {
    return base::equals_ignoring_case(name, known);
  };
  const auto begins_name = [name](std::string_view prefix) {
    return base::equals_ignoring_case(name.substr(0, prefix.size()), prefix);
  };
  return std::ranges::any_of(kDecidingHeaders, is_name) ||
         std::ranges::any_of(kDecidingPrefixes, begins_name);
}

}  // namespace

std::string_view Request::header(std::string_view name) const {
  for (const HttpHeader& header : headers) {
    if (base::equals_ignoring_case(header.name, name)) return header.value;
  }
  return {};
}

std::string_view repeated_header(const Request& request) {
  const std::vector<HttpHeader>& headers = request.headers;
  for (auto header = headers.begin(); header != headers.end(); ++header) {
    if (!decides(header->name)) continue;
    const bool repeated = std::any_of(header + 1, headers.end(), [&](const HttpHeader& later) {
      return base::equals_ignoring_case(later.name, header->name);
    });
    if (repeated) return header->name;
  }
  return {};
}

Reply json_reply(std::string body) {
  Reply reply{.body = std::move(body)};
  reply.headers = {{"Content-Type", "application/json"}};
  return reply;
}

std::vector<Frame> take_body(Reply& reply) {
  std::vector<Frame> frames = std::exchange(reply.frames, {});
  if (!reply.streamed) frames.assign(1, {.bytes = std::exchange(reply.body, {})});
  if (!frames.empty()) frames.front().delay += reply.plan.before_body;
  if (reply.plan.cut == Cut::none) return frames;

  std::size_t left = reply.plan.cut_after.value_or(0);
  for (std::size_t i = 0; i < frames.size(); ++i) {
    if (frames[i].bytes.size() < left) {
      left -= frames[i].bytes.size();
      continue;
    }
    frames[i].bytes.resize(left);
    frames.resize(i + 1);
  }
  return frames;
}

}  // namespace llm::local
