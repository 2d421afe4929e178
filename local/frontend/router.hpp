#pragma once

#include <string>
#include <string_view>

#include <llm/local/operation.hpp>

namespace llm::local {

/// The operation of a request and its parameters in the URL. `query` is a view of the target.
struct Route {
  Operation operation = Operation::unknown;
  std::string resource{};  ///< Decoded label of the path: an id or ARN.
  std::string version{};   ///< The second label, of ApplyGuardrail alone.
  std::string_view query{};
  /// With Operation::unknown: AWS's name for an operation that this server does not have.
  std::string_view unserved{};
};

/// Finds the operation of Bedrock, Bedrock Runtime or bedrock-mantle; one port serves all. The path
/// is split before it is decoded, because an encoded `/` belongs to an ARN. Source: botocore,
/// service-2.json of bedrock and bedrock-runtime; for bedrock-mantle
/// @anthropic-ai/bedrock-sdk 1.1.3 and @ai-sdk/amazon-bedrock 5.0.101.
[[nodiscard]] Route route(std::string_view method, std::string_view target);

}  // namespace llm::local
