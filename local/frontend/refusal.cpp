#include "local/frontend/refusal.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "json/writer.hpp"

namespace llm::local {
namespace {

/// What an HTTP status is called in the two APIs of bedrock-mantle.
struct MantleError {
  int status;
  std::string_view type;  ///< Anthropic's.
  std::string_view code;  ///< OpenAI's.
  std::string_view openai_type;
};

constexpr auto kMantleErrors = std::to_array<MantleError>({
    {400, "invalid_request_error", "validation_error", "invalid_request_error"},
    {401, "authentication_error", "invalid_api_key", "invalid_request_error"},
    {403, "permission_error", "permission_denied", "permission_error"},
    {404, "not_found_error", "model_not_found", "invalid_request_error"},
    {408, "timeout_error", "timeout_error", "timeout_error"},
    {413, "request_too_large", "request_too_large", "invalid_request_error"},
    {429, "rate_limit_error", "rate_limit_exceeded", "rate_limit_error"},
    {503, "overloaded_error", "overloaded_error", "server_error"},
    {0, "api_error", "server_error", "server_error"},
});

const MantleError& mantle_error(int status) {
  const auto* const found = std::ranges::find(kMantleErrors, status, &MantleError::status);
  return found == kMantleErrors.end() ? kMantleErrors.back() : *found;
}

/// Who is not authenticated gets 401, as seen.
int mantle_status(const Refusal& refusal) {
  const bool is_unknown = refusal.status == 403 && refusal.layer != Layer::service;
  return is_unknown ? 401 : refusal.status;
}

}  // namespace

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

ErrorShape error_shape_of(Operation operation) {
  if (operation == Operation::messages) return ErrorShape::anthropic;
  const bool is_openai =
      operation == Operation::chat_completions || operation == Operation::list_models;
  return is_openai ? ErrorShape::openai : ErrorShape::aws;
}

Reply to_reply(const Refusal& refusal, ErrorShape shape) {
  if (shape == ErrorShape::aws) return to_reply(refusal);
  Reply reply{.status = mantle_status(refusal)};
  reply.headers.push_back({"Content-Type", "application/json"});
  reply.body = error_body(refusal, shape);
  return reply;
}

std::string error_body(const Refusal& refusal, ErrorShape shape) {
  const MantleError& error = mantle_error(mantle_status(refusal));
  const std::string_view message =
      refusal.layer == Layer::api_key ? "Invalid bearer token" : std::string_view(refusal.message);
  json::Writer body;
  body.begin_object();
  if (shape == ErrorShape::anthropic) body.member("type", "error");
  body.key("error").begin_object();
  if (shape == ErrorShape::anthropic) {
    body.member("type", error.type).member("message", message);
  } else {
    body.member("code", error.code).member("message", message).key("param").null();
    body.member("type", error.openai_type);
  }
  body.end_object().end_object();
  return std::move(body).take();
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
