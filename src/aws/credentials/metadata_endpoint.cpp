#include "aws/credentials/metadata_endpoint.hpp"

#include <charconv>
#include <optional>
#include <string>
#include <utility>

#include "aws/endpoint.hpp"
#include "aws/shared_config.hpp"
#include "aws/variable.hpp"
#include "base/text.hpp"

namespace llm::aws {
namespace {

using Lookup = Result<std::variant<MetadataEndpoint, NotConfigured>>;

constexpr std::string_view kIpv4Url = "http://169.254.169.254";
constexpr std::string_view kIpv6Url = "http://[fd00:ec2::254]";
constexpr int kMaxTimeout = 300;  // seconds
constexpr int kMaxAttempts = 10;

// A variable or, when it is unset or blank, the profile's key.
std::optional<Setting<std::string>> setting(const SourceContext& context, std::string_view name,
                                            std::string_view key) {
  const auto value = variable(*context.system, name);
  if (value) return Setting<std::string>{std::string(base::trim(*value)), std::string(name)};
  if (!context.config) return std::nullopt;
  const std::string profile = profile_name(*context.system, context.profile).name;
  auto found = context.config->value(profile, key);
  if (!found) return std::nullopt;
  return Setting<std::string>{*std::move(found),
                              std::string(key) + " of profile \"" + profile + "\""};
}

Lookup endpoint_at(std::string_view url, std::string_view field) {
  Result<Endpoint> endpoint = parse_endpoint(url, field);
  if (!endpoint) return std::unexpected(std::move(endpoint).error());
  return MetadataEndpoint{
      .url = endpoint->url(), .host = endpoint->host, .configured = !field.empty()};
}

Lookup find_address(const SourceContext& context) {
  const auto url =
      setting(context, "AWS_EC2_METADATA_SERVICE_ENDPOINT", "ec2_metadata_service_endpoint");
  if (url) return endpoint_at(url->value, url->source);
  const auto mode = setting(context, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
                            "ec2_metadata_service_endpoint_mode");
  if (!mode || base::equals_ignoring_case(mode->value, "ipv4")) return endpoint_at(kIpv4Url, {});
  if (base::equals_ignoring_case(mode->value, "ipv6")) return endpoint_at(kIpv6Url, {});
  return std::unexpected(make_error(ErrorCode::configuration_error,
                                    mode->source + " is neither IPv4 nor IPv6.",
                                    "Set it to IPv4 or IPv6."));
}

// A whole number from 1 to `max`.
Result<std::optional<int>> count(const SourceContext& context, std::string_view name,
                                 std::string_view key, int max) {
  const auto found = setting(context, name, key);
  if (!found) return std::nullopt;
  int number = 0;
  const char* const end = found->value.data() + found->value.size();
  const auto [rest, failure] = std::from_chars(found->value.data(), end, number);
  if (failure == std::errc{} && rest == end && number >= 1 && number <= max) return number;
  return std::unexpected(
      make_error(ErrorCode::configuration_error,
                 found->source + " is not a whole number from 1 to " + std::to_string(max) + ".",
                 "Correct it."));
}

}  // namespace

Lookup metadata_endpoint(const SourceContext& context) {
  const auto disabled = variable(*context.system, "AWS_EC2_METADATA_DISABLED");
  if (disabled && base::equals_ignoring_case(base::trim(*disabled), "true")) {
    return NotConfigured{"AWS_EC2_METADATA_DISABLED is true"};
  }
  Lookup found = find_address(context);
  if (!found) return found;
  auto& endpoint = std::get<MetadataEndpoint>(*found);
  const auto timeout =
      count(context, "AWS_METADATA_SERVICE_TIMEOUT", "metadata_service_timeout", kMaxTimeout);
  if (!timeout) return std::unexpected(timeout.error());
  if (*timeout) endpoint.timeout = std::chrono::seconds(**timeout);
  const auto attempts = count(context, "AWS_METADATA_SERVICE_NUM_ATTEMPTS",
                              "metadata_service_num_attempts", kMaxAttempts);
  if (!attempts) return std::unexpected(attempts.error());
  endpoint.attempts = *attempts;
  return found;
}

}  // namespace llm::aws
