#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <stop_token>
#include <string>

#include <llm/secret.hpp>

namespace llm {

/// Configuration of a client. Only `provider` and `model` are required.
struct ClientConfig {
  std::string provider{};  ///< `bedrock`, or a name given to `register_provider`.
  std::string model{};     ///< Model id, inference profile or ARN.
  std::string base_url{};  ///< Bedrock Runtime endpoint; empty: AWS's endpoint for the region.
  std::optional<std::chrono::milliseconds>
      timeout{};                     ///< For a whole call, including retries; unset: none.
  std::optional<int> max_retries{};  ///< 0 to 100; unset: the AWS configuration, else 2.
  std::map<std::string, std::string>
      extra{};  ///< The provider's options, see README; an unknown key is an error.
};

/// Options of one call; each overrides the client's.
struct CallOptions {
  std::stop_token stop{};  ///< Ends a blocking call within milliseconds; the error is `cancelled`.
  std::optional<std::chrono::milliseconds> timeout{};
  std::optional<int> max_retries{};  ///< 0 to 100; anything else is a configuration_error.
  std::optional<Secret> api_key{};   ///< API key for this call only; an empty one is ignored.
};

}  // namespace llm
