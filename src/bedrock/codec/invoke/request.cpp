#include "bedrock/codec/invoke/request.hpp"

#include <utility>

#include "base/errors.hpp"

namespace llm::bedrock {
Result<void> check_invoke(const ChatRequest& request, const ModelId& model, Delivery delivery) {
  if (!request.extra_response_fields.empty()) {
    return std::unexpected(
        unsupported(model, "is called through InvokeModel, which has no extra_response_fields",
                    "Use Converse."));
  }
  if (!request.prompt_variables.empty()) {
    return std::unexpected(
        unsupported(model, "is called through InvokeModel, which has no prompt variables",
                    "Use the ARN of a prompt as the model."));
  }
  return check_request(request, model, delivery);
}

Result<std::int64_t> max_tokens_to_send(const ChatRequest& request, const ModelId& model) {
  if (request.max_tokens) {
    if (*request.max_tokens >= 1) return *request.max_tokens;
    return base::configuration_error("The max_tokens is below 1.");
  }
  if (model.facts != nullptr && model.facts->max_output_tokens > 0) {
    return model.facts->max_output_tokens;
  }
  return base::configuration_error("The native format of model \"" + model.requested_id +
                                       "\" requires max_tokens, and its limit is unknown.",
                                   "Set max_tokens.");
}

Result<InvokeBody> InvokeBody::create(const Json& extra_fields) {
  auto object = MergedObject::create(extra_fields);
  if (!object) return std::unexpected(object.error());
  return InvokeBody(std::move(*object));
}

void InvokeBody::member(std::string_view name, std::optional<double> number) {
  if (number && begin(name)) writer().number(*number);
}

void InvokeBody::member(std::string_view name, std::optional<int> number) {
  if (number && begin(name)) writer().integer(*number);
}

void InvokeBody::member(std::string_view name, const std::vector<std::string>& texts) {
  if (texts.empty() || !begin(name)) return;
  writer().begin_array();
  for (const std::string& text : texts) writer().string(text);
  writer().end_array();
}

Result<WireRequest> InvokeBody::finish(const ChatRequest& request, const ModelId& model,
                                       Delivery delivery) && {
  auto headers = invoke_headers(request, project_of(request, model), delivery);
  if (!headers) return std::unexpected(headers.error());
  const bool has_stream_mode = request.guardrail && !request.guardrail->stream_mode.empty();
  if (has_stream_mode && delivery == Delivery::streaming &&
      begin("amazon-bedrock-guardrailConfig")) {
    // Bedrock User Guide, "Configure streaming response behavior".
    const bool is_sync = request.guardrail->stream_mode == "sync";
    writer().begin_object();
    writer().member("streamProcessingMode", is_sync ? "SYNCHRONOUS" : "ASYNCHRONOUS");
    writer().end_object();
  }
  std::vector<Warning> warnings = std::move(this->warnings());
  warn_of_idle_options(request, delivery, warnings);
  WireRequest wire{.operation = invoke_operation(delivery),
                   .headers = std::move(*headers),
                   .body = std::move(object_).take(),
                   .warnings = std::move(warnings)};
  if (wire.body.size() > kMaxInvokeBodyBytes) {
    return std::unexpected(make_error(ErrorCode::invalid_request_error,
                                      "The request body is " + std::to_string(wire.body.size()) +
                                          " bytes, but InvokeModel accepts at most 25000000.",
                                      "Send less, or put media into S3."));
  }
  return wire;
}

}  // namespace llm::bedrock
