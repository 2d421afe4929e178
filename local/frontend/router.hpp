#pragma once

#include <string>
#include <string_view>

#include <llm/local/operation.hpp>

namespace llm::local {

/// Where a request goes. `query` is as received and lives as long as the target.
struct Route {
  Operation operation = Operation::unknown;
  std::string resource{};  ///< Decoded label of the path: an id or ARN.
  std::string version{};   ///< The second label, of ApplyGuardrail alone.
  std::string_view query{};
};

/// Finds the operation of Bedrock or Bedrock Runtime (both are served on one port). The path is
/// split before it is decoded, because a decoded `/` belongs to an ARN.
/// Source: botocore, service-2.json of bedrock and bedrock-runtime.
[[nodiscard]] Route route(std::string_view method, std::string_view target);

}  // namespace llm::local
