#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "bedrock/codec/delivery.hpp"

namespace llm::bedrock {

/// Which of Bedrock's services.
enum class Plane { runtime, control, mantle };

/// The operations that are called on a model.
enum class Operation {
  invoke_model,
  invoke_model_with_response_stream,
  converse,
  converse_stream,
  count_tokens,
  messages,          ///< Anthropic Messages on bedrock-mantle, buffered and streaming.
  chat_completions,  ///< Chat Completions on bedrock-mantle, buffered and streaming.
};

/// One operation, as AWS writes it.
struct OperationInfo {
  Operation operation;
  std::string_view name;        ///< In messages.
  std::string_view path;        ///< Last segment of the URL's path, after the model id; on
                                ///< bedrock-mantle the whole path.
  std::string_view permission;  ///< The IAM action that allows it.
  Plane plane = Plane::runtime;
};

/// In the order of `Operation`. Sources: service model of bedrock-runtime 2023-09-30; Service
/// Authorization Reference, "Actions, resources, and condition keys for Amazon Bedrock"; for
/// bedrock-mantle the Bedrock User Guide, "Making inference requests", and
/// @anthropic-ai/bedrock-sdk 1.1.3.
inline constexpr std::array kOperations = std::to_array<OperationInfo>({
    {Operation::invoke_model, "InvokeModel", "invoke", "bedrock:InvokeModel"},
    {Operation::invoke_model_with_response_stream, "InvokeModelWithResponseStream",
     "invoke-with-response-stream", "bedrock:InvokeModelWithResponseStream"},
    {Operation::converse, "Converse", "converse", "bedrock:InvokeModel"},
    {Operation::converse_stream, "ConverseStream", "converse-stream",
     "bedrock:InvokeModelWithResponseStream"},
    {Operation::count_tokens, "CountTokens", "count-tokens", "bedrock:CountTokens"},
    {Operation::messages, "Messages", "/anthropic/v1/messages", "bedrock-mantle:CreateInference",
     Plane::mantle},
    {Operation::chat_completions, "ChatCompletions", "/v1/chat/completions",
     "bedrock-mantle:CreateInference", Plane::mantle},
});

static_assert([] {
  for (std::size_t index = 0; index < kOperations.size(); ++index) {
    if (kOperations[index].operation != static_cast<Operation>(index)) return false;
  }
  return true;
}());

[[nodiscard]] constexpr const OperationInfo& info_of(Operation operation) {
  return kOperations[static_cast<std::size_t>(operation)];
}

/// The name of a service in signatures. Source: botocore; for bedrock-mantle
/// @anthropic-ai/bedrock-sdk 1.1.3 and litellm 1.110.2.
[[nodiscard]] constexpr std::string_view signing_name(Plane plane) {
  return plane == Plane::mantle ? "bedrock-mantle" : "bedrock";
}

/// How the events of a stream are framed.
enum class Framing { event_stream, server_sent_events };

[[nodiscard]] constexpr Framing framing_of(Plane plane) {
  return plane == Plane::mantle ? Framing::server_sent_events : Framing::event_stream;
}

[[nodiscard]] constexpr std::string_view content_type_of(Framing framing) {
  return framing == Framing::event_stream ? "application/vnd.amazon.eventstream"
                                          : "text/event-stream";
}

[[nodiscard]] constexpr Operation invoke_operation(Delivery delivery) {
  return delivery == Delivery::buffered ? Operation::invoke_model
                                        : Operation::invoke_model_with_response_stream;
}

[[nodiscard]] constexpr Operation converse_operation(Delivery delivery) {
  return delivery == Delivery::buffered ? Operation::converse : Operation::converse_stream;
}

}  // namespace llm::bedrock
