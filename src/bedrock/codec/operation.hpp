#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "bedrock/codec/delivery.hpp"

namespace llm::bedrock {

/// The operations of Bedrock Runtime that are called on a model.
enum class Operation {
  invoke_model,
  invoke_model_with_response_stream,
  converse,
  converse_stream,
  count_tokens,
};

/// One operation, as AWS writes it.
struct OperationInfo {
  Operation operation;
  std::string_view name;          ///< In messages.
  std::string_view path_segment;  ///< Last segment of the URL's path, after the model id.
  std::string_view permission;    ///< The IAM action that allows it.
};

/// In the order of `Operation`. Sources: service model of bedrock-runtime 2023-09-30; Service
/// Authorization Reference, "Actions, resources, and condition keys for Amazon Bedrock".
inline constexpr std::array kOperations = std::to_array<OperationInfo>({
    {Operation::invoke_model, "InvokeModel", "invoke", "bedrock:InvokeModel"},
    {Operation::invoke_model_with_response_stream, "InvokeModelWithResponseStream",
     "invoke-with-response-stream", "bedrock:InvokeModelWithResponseStream"},
    {Operation::converse, "Converse", "converse", "bedrock:InvokeModel"},
    {Operation::converse_stream, "ConverseStream", "converse-stream",
     "bedrock:InvokeModelWithResponseStream"},
    {Operation::count_tokens, "CountTokens", "count-tokens", "bedrock:CountTokens"},
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

[[nodiscard]] constexpr Operation invoke_operation(Delivery delivery) {
  return delivery == Delivery::buffered ? Operation::invoke_model
                                        : Operation::invoke_model_with_response_stream;
}

[[nodiscard]] constexpr Operation converse_operation(Delivery delivery) {
  return delivery == Delivery::buffered ? Operation::converse : Operation::converse_stream;
}

}  // namespace llm::bedrock
