#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <variant>

#include <llm/aws/credentials.hpp>
#include <llm/error.hpp>

#include "aws/credentials/context.hpp"

namespace llm::aws {

/// Where the EC2 instance metadata service is asked.
struct MetadataEndpoint {
  std::string url{};        ///< Without a `/` at its end.
  std::string host{};       ///< For the Host header.
  bool configured = false;  ///< Somebody named it: then it must answer.
  /// For the connection, and again for each piece of an answer. By default short, lest every start
  /// of a laptop wait for a service that is not there (botocore, smithy-rs: a second).
  std::chrono::seconds patience{1};
  /// How often to ask, silence included; unset: silence at first is taken for absence.
  std::optional<int> attempts{};
};

/// The endpoint that AWS_EC2_METADATA_SERVICE_ENDPOINT names, else
/// AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE
/// (`IPv4` or `IPv6`), else the profile's keys of these names, else AWS's own IPv4 address; absent
/// when AWS_EC2_METADATA_DISABLED is `true`. AWS_METADATA_SERVICE_TIMEOUT (seconds) and
/// AWS_METADATA_SERVICE_NUM_ATTEMPTS, or the profile's keys of these names, are whole numbers from
/// 1 to 300 and 1 to 10.
/// Errors: configuration_error for a bad URL, mode or number.
/// Source: AWS SDKs and Tools Reference Guide, "IMDS credential provider".
[[nodiscard]] Result<std::variant<MetadataEndpoint, NotConfigured>> metadata_endpoint(
    const SourceContext& context);

}  // namespace llm::aws
