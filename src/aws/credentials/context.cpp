#include "aws/credentials/context.hpp"

#include <utility>

#include "aws/plain_http.hpp"

namespace llm::aws {
namespace {

/// The name `aws_endpoint` knows a service by.
std::string_view host_name(Service service) {
  switch (service) {
    case Service::bedrock_runtime:
      return "bedrock-runtime";
    case Service::bedrock:
      return "bedrock";
    case Service::bedrock_mantle:
      return "bedrock-mantle";
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

  const auto& [url, source] = **configured;
  if (auto checked = check_variant(context.variant, source); !checked) {
    return std::unexpected(std::move(checked.error()));
  }
  auto endpoint = parse_endpoint(url, source);
  if (!endpoint) return std::unexpected(std::move(endpoint.error()));
  if (auto checked = check_plain_http(*endpoint, source); !checked) {
    return std::unexpected(std::move(checked.error()));
  }
  return endpoint->url();
}

}  // namespace llm::aws
