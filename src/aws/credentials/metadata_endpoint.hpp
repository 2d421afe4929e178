#pragma once

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
};

/// The endpoint that AWS_EC2_METADATA_SERVICE_ENDPOINT names, else
/// AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE
/// (`IPv4` or `IPv6`), else the profile's keys of these names, else AWS's own IPv4 address; absent
/// when AWS_EC2_METADATA_DISABLED is `true`.
/// Errors: configuration_error for a bad URL or mode.
/// Source: AWS SDKs and Tools Reference Guide, "IMDS credential provider".
[[nodiscard]] Result<std::variant<MetadataEndpoint, Absent>> metadata_endpoint(
    const SourceContext& context);

}  // namespace llm::aws
