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

/// Refuses a region that is no DNS label (`[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?`): it goes into a
/// host name. Errors: configuration_error that names `field` and quotes the region.
[[nodiscard]] Result<void> check_region(std::string_view region, std::string_view field);

/// `https://{service}[-fips].{region}.{suffix}` by AWS's partitions. `service` is
/// `bedrock-runtime`, `bedrock`, `sts`, `oidc`, `portal.sso`, or `signin`, whose plain form is
/// `https://{region}.signin.aws.amazon.com`. A region of no known partition counts as one of `aws`.
/// Errors: configuration_error for a bad region, or where no sign-in host is known.
/// Source: botocore partitions.json and endpoint rule sets.
[[nodiscard]] Result<std::string> aws_endpoint(std::string_view service, std::string_view region,
                                               EndpointVariant variant);

/// A URL taken apart. `path` is without a `/` at its end; empty for none.
struct Endpoint {
  std::string scheme{};  ///< `https` or `http`
  std::string host{};    ///< With its port when that is not the scheme's own; IPv6 in brackets.
  std::string path{};
  bool loopback = false;  ///< 127.x.y.z in four decimal parts, [::1] or `localhost`.
  /// The whole again, and behind it what lies below: empty, or a path that begins with `/`.
  [[nodiscard]] std::string url(std::string_view below = {}) const;
};

/// Reads an endpoint that a person or a file gave.
/// Errors: configuration_error naming `field` for a scheme other than https and http, user info, a
/// query, a fragment, no host, a bad port, dot segments, or bytes that do not belong in a URL. The
/// URL itself is not quoted: it may hold a password.
[[nodiscard]] Result<Endpoint> parse_endpoint(std::string_view url, std::string_view field);

}  // namespace llm::aws
