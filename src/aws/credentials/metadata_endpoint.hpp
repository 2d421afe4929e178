#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <variant>

#include <llm/aws/credentials.hpp>
#include <llm/error.hpp>

#include "aws/credentials/context.hpp"

namespace llm::aws {

/// How to reach the EC2 instance metadata service.
struct MetadataEndpoint {
  std::string url{};        ///< Without a trailing `/`.
  std::string host{};       ///< For the Host header.
  bool configured = false;  ///< Set by the user: the service must respond.
  /// Limit for connecting, and for each wait for data. Short by default, so that a program on a
  /// laptop does not wait long for a service that does not exist (botocore, smithy-rs: a second).
  std::chrono::seconds timeout{1};
  /// Attempts, also when there is no response. Unset: no response to the first request means that
  /// there is no such service.
  std::optional<int> attempts{};
};

/// The endpoint that AWS_EC2_METADATA_SERVICE_ENDPOINT names, else
/// AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE
/// (`IPv4` or `IPv6`), else the profile's keys of these names, else the IPv4 address of AWS. Not
/// configured when AWS_EC2_METADATA_DISABLED is `true`. AWS_METADATA_SERVICE_TIMEOUT (seconds) and
/// AWS_METADATA_SERVICE_NUM_ATTEMPTS, or the profile's keys of these names, are whole numbers from
/// 1 to 300 and 1 to 10.
/// Errors: configuration_error for an invalid URL, mode or number.
/// Source: AWS SDKs and Tools Reference Guide, "IMDS credential provider".
[[nodiscard]] Result<std::variant<MetadataEndpoint, NotConfigured>> metadata_endpoint(
    const SourceContext& context);

}  // namespace llm::aws
