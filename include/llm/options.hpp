#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <stop_token>
#include <string>

#include <llm/secret.hpp>

namespace llm {

/// How to make a client. Every member may be left out but `provider` and `model`.
struct ClientConfig {
  std::string provider{};  ///< `bedrock`, or a name given to `register_provider`.
  std::string model{};     ///< Model id, inference profile or ARN.
  std::string base_url{};  ///< Bedrock Runtime endpoint; empty: AWS's own for the region.
  std::optional<std::chrono::milliseconds>
      timeout{};                     ///< For a whole call, retries included; unset: none.
  std::optional<int> max_retries{};  ///< 0 to 100; unset: 2, or as AWS is configured.
  std::map<std::string, std::string>
      extra{};  ///< Provider's options; an unknown key is an error. README.
};

/// Options of one call; each beats the client's.
struct CallOptions {
  std::stop_token stop{};  ///< Ends a blocked call within milliseconds; the error is `cancelled`.
  std::optional<std::chrono::milliseconds> timeout{};
  std::optional<int> max_retries{};  ///< 0 to 100; any other is a configuration_error.
  std::optional<Secret> api_key{};   ///< A bearer key for this call alone; an empty one is none.
};

}  // namespace llm
