#include "bedrock/codec/invoke_request.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/text.hpp"
#include "json/reader.hpp"

namespace llm::bedrock {
namespace {

Error bad_option(std::string message) {
  return make_error(ErrorCode::configuration_error, std::move(message));
}

bool is_finite(std::optional<double> number) { return !number || std::isfinite(*number); }

Result<void> check_texts(const ChatRequest& request) {
  for (const Tool& tool : request.tools) {
    if (!base::is_valid_utf8(tool.name) || !base::is_valid_utf8(tool.description)) {
      return std::unexpected(bad_option("a tool's name or description is not valid UTF-8"));
    }
  }
  if (!std::ranges::all_of(request.stop_sequences, base::is_valid_utf8)) {
    return std::unexpected(bad_option("a stop sequence is not valid UTF-8"));
  }
  return {};
}

}  // namespace

Error unsupported(const ModelId& model, std::string_view what) {
  return make_error(ErrorCode::unsupported_feature, model.called + " " + std::string(what));
}

Result<void> check_invoke(const ChatRequest& request, const ModelId& model, Delivery delivery) {
  if (!request.extra_response_fields.empty()) {
    return std::unexpected(unsupported(
        model,
        "is called by InvokeModel, which cannot select extra_response_fields; use Converse"));
  }
  if (!request.prompt_variables.empty()) {
    return std::unexpected(unsupported(
        model, "is called by InvokeModel, which has no prompt variables; use a prompt's ARN"));
  }
  if (delivery == Delivery::streamed && model.facts != nullptr &&
      model.facts->streaming == Support::no) {
    return std::unexpected(unsupported(model, "cannot stream; ask for the whole answer"));
  }
  if (!is_finite(request.temperature) || !is_finite(request.top_p)) {
    return std::unexpected(bad_option("temperature and top_p must be finite numbers"));
  }
  const auto kind = request.tool_choice.kind;
  if (request.tools.empty() && (kind == ToolChoice::Kind::any || kind == ToolChoice::Kind::one)) {
    return std::unexpected(bad_option("tool_choice demands a tool call, but tools is empty"));
  }
  return check_texts(request);
}

Result<std::int64_t> max_tokens_to_send(const ChatRequest& request, const ModelId& model) {
  if (request.max_tokens) {
    if (*request.max_tokens >= 1) return *request.max_tokens;
    return std::unexpected(bad_option("max_tokens must be at least 1"));
  }
  if (model.facts != nullptr && model.facts->max_output_tokens > 0) {
    return model.facts->max_output_tokens;
  }
  return std::unexpected(bad_option("the longest answer of " + model.called +
                                    " is not known, and it must be said; set max_tokens"));
}

Result<InvokeBody> InvokeBody::create(const Json& extra_fields) {
  InvokeBody body;
  if (!extra_fields.is_null()) {
    json::Parser parser;
    const auto root = parser.parse(extra_fields.text());
    if (!root || !root->is_object()) {
      return std::unexpected(bad_option("extra_fields must be a JSON object"));
    }
    for (const auto [key, value] : root->members()) {
      body.extra_.emplace_back(key, value.to_text());
    }
  }
  body.writer_.begin_object();
  return body;
}

bool InvokeBody::begin(std::string_view name) {
  const bool replaced =
      std::ranges::any_of(extra_, [&](const auto& field) { return field.first == name; });
  if (replaced) {
    warnings_.push_back(
        {"extra_field_replaces", "extra_fields sets \"" + std::string(name) +
                                     "\", which was sent in place of what the request says"});
    return false;
  }
  writer_.key(name);
  return true;
}

void InvokeBody::member(std::string_view name, std::optional<double> number) {
  if (number && begin(name)) writer_.number(*number);
}

void InvokeBody::member(std::string_view name, std::optional<int> number) {
  if (number && begin(name)) writer_.integer(*number);
}

void InvokeBody::member(std::string_view name, const std::vector<std::string>& texts) {
  if (texts.empty() || !begin(name)) return;
  writer_.begin_array();
  for (const std::string& text : texts) writer_.string(text);
  writer_.end_array();
}

Result<WireRequest> InvokeBody::finish(const ChatRequest& request, Delivery delivery) && {
  auto headers = invoke_headers(request, delivery);
  if (!headers) return std::unexpected(headers.error());
  const bool has_stream_mode = request.guardrail && !request.guardrail->stream_mode.empty();
  if (has_stream_mode && delivery == Delivery::streamed &&
      begin("amazon-bedrock-guardrailConfig")) {
    // Bedrock User Guide, "Configure streaming response behavior".
    const bool is_sync = request.guardrail->stream_mode == "sync";
    writer_.begin_object();
    writer_.member("streamProcessingMode", is_sync ? "SYNCHRONOUS" : "ASYNCHRONOUS");
    writer_.end_object();
  }
  for (const auto& [name, text] : extra_) writer_.key(name).raw(text);
  writer_.end_object();

  WireRequest wire{
      .operation = delivery == Delivery::whole ? "invoke" : "invoke-with-response-stream",
      .headers = std::move(*headers),
      .body = std::move(writer_).take(),
      .warnings = std::move(warnings_)};
  if (wire.body.size() > kMaxInvokeBodyBytes) {
    return std::unexpected(make_error(
        ErrorCode::invalid_request_error,
        "the request is " + std::to_string(wire.body.size()) +
            " bytes long, but InvokeModel takes at most 25000000; send less, or refer to S3"));
  }
  return wire;
}

}  // namespace llm::bedrock
