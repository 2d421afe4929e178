#pragma once

#include <string>
#include <string_view>

#include <llm/error.hpp>

namespace llm::aws {

/// Variants of an AWS host name.
struct EndpointVariant {
  bool fips = false;
  bool dual_stack = false;
};

/// Refuses a region that is not a DNS label (`[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?`): it becomes part
/// of a host name. Refuses pseudo regions by name (`aws-global`, `fips-us-east-1`). Errors:
/// configuration_error that quotes the region and names `source`, where it came from (`AWS_REGION`;
/// empty: not said).
[[nodiscard]] Result<void> check_region(std::string_view region, std::string_view source);

/// `https://{service}[-fips].{region}.{suffix}` by AWS's partitions. `service` is
/// `bedrock-runtime`, `bedrock`, `sts`, `oidc`, `portal.sso`, or `signin`, whose plain form is
/// `https://{region}.signin.aws.amazon.com`, or `bedrock-mantle`, which has dual-stack hosts alone.
/// An unknown region is taken to be in the partition `aws`. Errors: configuration_error for an
/// invalid region, and for FIPS with bedrock-mantle.
/// Source: botocore partitions.json and endpoint rule sets; Bedrock User Guide for bedrock-mantle.
[[nodiscard]] Result<std::string> aws_endpoint(std::string_view service, std::string_view region,
                                               EndpointVariant variant);

/// A parsed URL.
struct Endpoint {
  std::string scheme{};   ///< `https` or `http`
  std::string host{};     ///< With its port unless it is the scheme's default; IPv6 in brackets.
  std::string path{};     ///< Without a trailing `/`; empty for the root.
  bool loopback = false;  ///< 127.x.y.z in four decimal parts, [::1] or `localhost`.
  /// The URL with `suffix` appended: empty, or a path that begins with `/`.
  [[nodiscard]] std::string url(std::string_view suffix = {}) const;
};

/// Parses an endpoint from configuration.
/// Errors: configuration_error that names `field` for a scheme other than https and http, user
/// info, a query, a fragment, a missing host, an invalid port, dot segments, or bytes not allowed
/// in a URL. It does not quote the URL, which may contain a password.
[[nodiscard]] Result<Endpoint> parse_endpoint(std::string_view url, std::string_view field);

}  // namespace llm::aws
