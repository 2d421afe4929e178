#pragma once

#include <string>
#include <string_view>

#include <llm/error.hpp>
#include <llm/transport.hpp>

namespace llm::aws {

/// Where a container gets its credentials.
struct ContainerEndpoint {
  std::string url{};
  std::string host{};  ///< For the Host header.
  PeerRule peer = PeerRule::metadata;
};

/// The endpoint of AWS_CONTAINER_CREDENTIALS_RELATIVE_URI, at ECS's own address.
/// Errors: configuration_error unless it is a path that begins with `/`; anything else could change
/// the host.
[[nodiscard]] Result<ContainerEndpoint> container_endpoint_from_path(std::string_view path);

/// The endpoint of AWS_CONTAINER_CREDENTIALS_FULL_URI: https to any host, or http to `localhost`, a
/// loopback address, or an address of ECS or EKS in its usual notation.
/// Errors: configuration_error for anything else, including other notations of these addresses.
/// Source: AWS SDKs and Tools Reference Guide, "Container credential provider".
[[nodiscard]] Result<ContainerEndpoint> container_endpoint_from_url(std::string_view url);

}  // namespace llm::aws
