#include "bedrock/codec/converse/members.hpp"

#include <string>
#include <string_view>
#include <vector>

#include "bedrock/codec/request_check.hpp"

namespace llm::bedrock {
namespace {

void write_strings(const std::vector<std::string>& texts, json::Writer& writer) {
  writer.begin_array();
  for (const std::string& text : texts) writer.string(text);
  writer.end_array();
}

}  // namespace

void write_inference(const ChatRequest& request, json::Writer& writer) {
  if (!request.max_tokens && !request.temperature && !request.top_p &&
      request.stop_sequences.empty()) {
    return;
  }
  writer.key("inferenceConfig").begin_object();
  if (request.max_tokens) writer.key("maxTokens").integer(*request.max_tokens);
  if (request.temperature) writer.key("temperature").number(*request.temperature);
  if (request.top_p) writer.key("topP").number(*request.top_p);
  if (!request.stop_sequences.empty()) {
    writer.key("stopSequences");
    write_strings(request.stop_sequences, writer);
  }
  writer.end_object();
}

void write_output(const ChatRequest& request, Structure structure, json::Writer& writer) {
  const bool has_format = structure == Structure::native;
  if (!has_format && !has_effort(request)) return;
  writer.key("outputConfig").begin_object();
  if (has_format) {
    const ResponseFormat& format = *request.response_format;
    writer.key("textFormat").begin_object().member("type", "json_schema");
    writer.key("structure").begin_object().key("jsonSchema").begin_object();
    // Converse expects the schema as a string.
    writer.member("schema", format.schema.text());
    writer.member("name", format.name.empty() ? std::string_view("answer") : format.name);
    if (!format.description.empty()) writer.member("description", format.description);
    writer.end_object().end_object().end_object();
  }
  if (has_effort(request)) writer.member("effort", request.reasoning->effort);
  writer.end_object();
}

void write_guardrail(const Guardrail& guardrail, Delivery delivery, json::Writer& writer) {
  writer.key("guardrailConfig").begin_object();
  writer.member("guardrailIdentifier", guardrail.id);
  writer.member("guardrailVersion", guardrail.version);
  if (!guardrail.trace.empty()) writer.member("trace", guardrail.trace);
  if (!guardrail.stream_mode.empty() && delivery == Delivery::streaming) {
    writer.member("streamProcessingMode", guardrail.stream_mode);
  }
  writer.end_object();
}

void write_options(const ChatRequest& request, std::string_view project, json::Writer& writer) {
  if (!request.service_tier.empty()) {
    writer.key("serviceTier").begin_object().member("type", request.service_tier).end_object();
  }
  if (!request.latency.empty()) {
    writer.key("performanceConfig").begin_object();
    writer.member("latency", request.latency).end_object();
  }
  if (!request.metadata.empty()) {
    writer.key("requestMetadata").begin_object();
    for (const auto& [key, value] : request.metadata) writer.member(key, value);
    writer.end_object();
  }
  if (!request.prompt_variables.empty()) {
    writer.key("promptVariables").begin_object();
    for (const auto& [name, text] : request.prompt_variables) {
      writer.key(name).begin_object().member("text", text).end_object();
    }
    writer.end_object();
  }
  if (!request.extra_response_fields.empty()) {
    writer.key("additionalModelResponseFieldPaths");
    write_strings(request.extra_response_fields, writer);
  }
  if (!project.empty()) writer.member("projectIdentifier", project);
}

}  // namespace llm::bedrock
