#pragma once

#include <string>
#include <string_view>

#include <llm/error.hpp>
#include <llm/transport.hpp>

namespace llm::http {

/// Where a request goes.
struct Target {
  std::string origin;  ///< `scheme://host:port`
  std::string host;    ///< For messages: as in the URL, with a port that is not the scheme's own.
  bool loopback = false;  ///< 127.0.0.0/8, ::1 or `localhost`.
};

/// Refuses a URL with bytes that RFC 3986 does not have in one, or with a fragment.
/// Errors: configuration_error.
[[nodiscard]] Result<void> check_url_bytes(std::string_view url);

/// Refuses a URL that libcurl would send elsewhere or otherwise than it is written.
/// Errors: configuration_error for a scheme other than https and http, user info, a fragment, and
/// bytes that are not percent-encoded. No message shows more than scheme and host.
[[nodiscard]] Result<Target> parse_target(const std::string& url);

/// Refuses a method or header that would be sent otherwise than meant, for example one with a line
/// end in it, or a length other than the body's.
/// Errors: configuration_error. No message shows a value.
[[nodiscard]] Result<void> check_head(const HttpRequest& request);

}  // namespace llm::http
