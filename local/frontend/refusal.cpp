#include "local/frontend/refusal.hpp"

#include "json/writer.hpp"

namespace llm::local {

std::unexpected<Refusal> invalid(std::string message) {
  return std::unexpected(Refusal{.message = std::move(message)});
}

std::unexpected<Refusal> malformed(std::string_view violations) {
  std::string message = "Malformed input request";
  if (!violations.empty()) message.append(": ").append(violations);
  return invalid(message + ", please reformat your input and try again.");
}

Refusal without_secrets(Refusal refusal) {
  if (refusal.quoted.empty()) return refusal;
  const std::size_t at = refusal.message.find(refusal.quoted);
  refusal.message.replace(at, refusal.quoted.size(), "[redacted]");
  return refusal;
}

Reply to_reply(const Refusal& refusal) {
  const std::string_view space =
      refusal.layer == Layer::service ? "com.amazon.bedrock" : "com.amazon.coral.service";
  const std::string_view key = refusal.layer == Layer::api_key ? "Message" : "message";

  json::Writer body;
  body.begin_object().member(key, refusal.message).end_object();

  Reply reply{.status = refusal.status};
  reply.headers.push_back({"Content-Type", "application/json"});
  reply.headers.push_back({"x-amzn-ErrorType", std::string(refusal.name) +
                                                   ":http://internal.amazon.com/coral/" +
                                                   std::string(space) + "/"});
  reply.body = std::move(body).take();
  return reply;
}

}  // namespace llm::local
