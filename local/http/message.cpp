#include "local/http/message.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"

namespace llm::local {
namespace {

// What decides who calls, what is signed and how a body is read. Others are lists, or of no
// account.
constexpr std::array<std::string_view, 6> kDecidingHeaders{
    "authorization", "content-type", "date", "expect", "host", "origin"};
constexpr std::array<std::string_view, 2> kDecidingPrefixes{"sec-fetch-", "x-amz"};

bool decides(std::string_view name) {
  return std::ranges::find(kDecidingHeaders, name) != kDecidingHeaders.end() ||
         std::ranges::any_of(kDecidingPrefixes,
                             [name](std::string_view prefix) { return name.starts_with(prefix); });
}

}  // namespace

std::string_view Request::header(std::string_view name) const {
  for (const HttpHeader& header : headers) {
    if (base::equals_ignoring_case(header.name, name)) return header.value;
  }
  return {};
}

std::string_view repeated_header(const Request& request) {
  std::vector<std::pair<std::string, std::string_view>> names;
  for (const HttpHeader& header : request.headers) {
    std::string name = base::to_lower(header.name);
    if (decides(name)) names.emplace_back(std::move(name), header.name);
  }
  std::ranges::sort(names);
  const auto repeated = std::ranges::adjacent_find(
      names, [](const auto& one, const auto& next) { return one.first == next.first; });
  return repeated == names.end() ? std::string_view() : repeated->second;
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
