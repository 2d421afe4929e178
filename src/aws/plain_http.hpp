#pragma once

#include <string_view>

#include <llm/error.hpp>
#include <llm/transport.hpp>

#include "aws/endpoint.hpp"

namespace llm::aws {

/// Where plain `http` may go. It shows credentials and prompts to everybody on the way.
enum class PlainHttp {
  loopback_only,
  anywhere,  ///< The caller has asked for it (`allow_plain_http`).
};

/// Refuses an endpoint that plain http may not go to. `source` is the setting that it came from.
/// Errors: configuration_error.
[[nodiscard]] Result<void> check_plain_http(const Endpoint& endpoint, std::string_view source,
                                            PlainHttp allowed = PlainHttp::loopback_only);

/// Which addresses a request to this endpoint may reach: a loopback name such as `localhost` must
/// not lead to another machine where no TLS verifies it.
[[nodiscard]] PeerRule peer_rule(const Endpoint& endpoint);

/// The same for a URL whose host, when it is plain http, has to be a loopback one.
[[nodiscard]] PeerRule peer_rule(std::string_view url);

}  // namespace llm::aws
