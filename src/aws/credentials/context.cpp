#include "aws/credentials/context.hpp"

#include <utility>

namespace llm::aws {
namespace {

/// The name `aws_endpoint` knows a service by.
std::string_view host_name(Service service) {
  switch (service) {
    case Service::bedrock_runtime:
      return "bedrock-runtime";
    case Service::bedrock:
      return "bedrock";
    case Service::sts:
      return "sts";
    case Service::sso:
      return "portal.sso";
    case Service::sso_oidc:
      return "oidc";
    case Service::signin:
      return "signin";
  }
  std::unreachable();
}

}  // namespace

Result<std::string> service_url(const SourceContext& context, Service service,
                                std::string_view region) {
  auto configured = configured_endpoint(*context.system, *context.config, context.profile, service);
  if (!configured) return std::unexpected(std::move(configured.error()));
  if (!*configured) return aws_endpoint(host_name(service), region, context.variant);

  const auto& [url, origin] = **configured;
  if (auto checked = check_variant(context.variant, origin); !checked) {
    return std::unexpected(std::move(checked.error()));
  }
  auto endpoint = parse_endpoint(url, origin);
  if (!endpoint) return std::unexpected(std::move(endpoint.error()));
  if (endpoint->scheme == "http" && !endpoint->loopback) {
    return std::unexpected(make_error(
        ErrorCode::configuration_error,
        origin + ": plain http to another machine would show keys and tokens to everybody on the "
                 "way; use https"));
  }
  return endpoint->url();
}

}  // namespace llm::aws
