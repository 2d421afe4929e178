#include "aws/credentials/container_endpoint.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "aws/endpoint.hpp"
#include "base/text.hpp"

namespace llm::aws {
namespace {

constexpr std::string_view kEcsHost = "169.254.170.2";
constexpr std::array<std::string_view, 5> kPlainHosts = {"localhost", kEcsHost, "169.254.170.23",
                                                         "[::1]", "[fd00:ec2::23]"};
constexpr std::string_view kRelative = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
constexpr std::string_view kFull = "AWS_CONTAINER_CREDENTIALS_FULL_URI";

Error refused(std::string_view variable, std::string_view problem, std::string_view advice) {
  return make_error(ErrorCode::configuration_error,
                    std::string(variable) + " " + std::string(problem) + ".", std::string(advice));
}

bool is_plain_target(std::string_view target) {
  return std::ranges::all_of(target,
                             [](char c) { return c > 0x20 && c < 0x7f && c != '#' && c != '\\'; });
}

// 0 to 255 without a leading zero, which some parsers read as octal.
bool is_plain_octet(std::string_view text) {
  unsigned value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  return failure == std::errc{} && end == text.data() + text.size() && value <= 255 &&
         std::to_string(value) == text;
}

// 127.a.b.c in four decimal numbers. Refuses short and numeric notations, which libcurl accepts.
bool is_plain_loopback(std::string_view host) {
  const auto parts = base::split(host, '.');
  return parts.size() == 4 && parts[0] == "127" && std::ranges::all_of(parts, is_plain_octet);
}

std::string_view without_port(std::string_view host) {
  if (host.starts_with('[')) return host.substr(0, host.find(']') + 1);
  return host.substr(0, host.find(':'));
}

bool is_allowed_plain_host(std::string_view host) {
  const std::string name = base::to_lower(without_port(host));
  return std::ranges::find(kPlainHosts, name) != kPlainHosts.end() || is_plain_loopback(name);
}

}  // namespace

Result<ContainerEndpoint> container_endpoint_from_path(std::string_view path) {
  if (!path.starts_with('/') || !is_plain_target(path)) {
    return std::unexpected(
        refused(kRelative, "is not a path", "Write it with a \"/\" at the start."));
  }
  return ContainerEndpoint{.url = "http://" + std::string(kEcsHost) + std::string(path),
                           .host = std::string(kEcsHost)};
}

Result<ContainerEndpoint> container_endpoint_from_url(std::string_view url) {
  const std::size_t authority = url.find("://");
  if (authority == std::string_view::npos || !is_plain_target(url)) {
    return std::unexpected(refused(kFull, "is not an http or https URL", "Correct it."));
  }
  const std::size_t path = std::min(url.find_first_of("/?", authority + 3), url.size());
  const Result<Endpoint> endpoint = parse_endpoint(url.substr(0, path), kFull);
  if (!endpoint) return std::unexpected(endpoint.error());
  // As written: the parsed address could hide an unusual notation.
  const std::string_view written = url.substr(authority + 3, path - authority - 3);
  if (endpoint->scheme == "http" && !is_allowed_plain_host(written)) {
    return std::unexpected(
        refused(kFull, "has a host that may not be used over http",
                "Use https, localhost, a loopback address (127.x.y.z or [::1]), 169.254.170.2, "
                "169.254.170.23 or [fd00:ec2::23]."));
  }
  const std::string_view target = url.substr(path);
  const std::string slash = target.starts_with('/') ? "" : "/";
  return ContainerEndpoint{
      .url = endpoint->scheme + "://" + endpoint->host + slash + std::string(target),
      .host = endpoint->host,
      .peer = endpoint->scheme == "http" ? PeerRule::metadata : PeerRule::any};
}

}  // namespace llm::aws
