#include "local/http/message.hpp"

#include <utility>

#include "base/text.hpp"

namespace llm::local {

std::string_view Request::header(std::string_view name) const {
  for (const HttpHeader& header : headers) {
    if (base::equals_ignoring_case(header.name, name)) return header.value;
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
