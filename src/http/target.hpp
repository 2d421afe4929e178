#pragma once

#include <string>
#include <string_view>

#include <llm/error.hpp>
#include <llm/transport.hpp>

namespace llm::http {

/// Where a request goes.
struct Target {
  std::string origin;     ///< `scheme://host:port`
  std::string host;       ///< For messages: as in the URL, with any port other than the default.
  bool loopback = false;  ///< 127.0.0.0/8, ::1 or `localhost`.
};

/// Refuses a URL with a fragment or with bytes that RFC 3986 does not allow.
/// Errors: configuration_error.
[[nodiscard]] Result<void> check_url_bytes(std::string_view url);

/// Refuses a URL that libcurl would not send exactly as written.
/// Errors: configuration_error for a scheme other than https and http, user info, a fragment, or
/// bytes that are not percent-encoded. Messages show at most scheme and host.
[[nodiscard]] Result<Target> parse_target(const std::string& url);

/// Refuses a method or header that would corrupt the request, for example one that contains a line
/// end, or a length other than the body's.
/// Errors: configuration_error. Messages show no value.
[[nodiscard]] Result<void> check_head(const HttpRequest& request);

}  // namespace llm::http
