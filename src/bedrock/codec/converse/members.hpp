#pragma once

#include <string_view>

#include <llm/chat.hpp>

#include "bedrock/codec/codec.hpp"
#include "bedrock/codec/structured_output.hpp"
#include "json/writer.hpp"

namespace llm::bedrock {

/// Members of a Converse request that depend on no other. Each function writes its key and value,
/// or nothing if the request does not set it. Requires: inside an object; the request is checked.
/// Source: botocore, ConverseRequest of bedrock-runtime.

/// `inferenceConfig`.
void write_inference(const ChatRequest& request, json::Writer& writer);
/// `outputConfig`: the schema of native structured output, and the effort.
void write_output(const ChatRequest& request, Structure structure, json::Writer& writer);
/// `guardrailConfig`.
void write_guardrail(const Guardrail& guardrail, Delivery delivery, json::Writer& writer);
/// `serviceTier`, `performanceConfig`, `requestMetadata`, `promptVariables`,
/// `additionalModelResponseFieldPaths` and `projectIdentifier`.
void write_options(const ChatRequest& request, std::string_view project, json::Writer& writer);

}  // namespace llm::bedrock
