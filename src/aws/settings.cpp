#include "aws/settings.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "aws/variable.hpp"
#include "base/errors.hpp"
#include "base/text.hpp"

namespace llm::aws {
namespace {

/// The names of a service in variables and in `services` sections.
struct ServiceName {
  std::string_view url_variable;
  std::string_view section_key;
};

ServiceName service_name(Service service) {
  switch (service) {
    case Service::bedrock_runtime:
      return {"AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "bedrock_runtime"};
    case Service::bedrock:
      return {"AWS_ENDPOINT_URL_BEDROCK", "bedrock"};
    case Service::bedrock_mantle:
      return {"AWS_ENDPOINT_URL_BEDROCK_MANTLE", "bedrock_mantle"};
    case Service::sts:
      return {"AWS_ENDPOINT_URL_STS", "sts"};
    case Service::sso:
      return {"AWS_ENDPOINT_URL_SSO", "sso"};
    case Service::sso_oidc:
      return {"AWS_ENDPOINT_URL_SSO_OIDC", "sso_oidc"};
    case Service::signin:
      return {"AWS_ENDPOINT_URL_SIGNIN", "signin"};
  }
  std::unreachable();
}

std::unexpected<Error> invalid_value(const Setting<std::string>& setting, std::string advice) {
  return base::configuration_error(
      setting.source + " has the invalid value \"" + setting.value + "\".", std::move(advice));
}

/// Reads settings for one profile, the environment first.
class SettingsReader {
 public:
  SettingsReader(const port::System& system, const SharedConfig& config, std::string_view profile)
      : system_(system), config_(config), profile_(profile) {}

  std::optional<Setting<std::string>> from_environment(std::string_view name) const {
    auto text = variable(system_, name);
    if (!text) return std::nullopt;
    return Setting<std::string>{std::move(*text), std::string(name)};
  }

  std::optional<Setting<std::string>> from_profile(std::string_view key) const {
    auto text = config_.value(profile_, key);
    if (!text) return std::nullopt;
    return Setting<std::string>{std::move(*text),
                                std::string(key) + " of profile \"" + std::string(profile_) + "\""};
  }

  std::optional<Setting<std::string>> text(std::string_view name, std::string_view key) const {
    auto found = from_environment(name);
    return found ? found : from_profile(key);
  }

  Result<bool> flag(std::string_view name, std::string_view key, bool otherwise = false) const;
  Result<std::optional<Setting<std::string>>> endpoint(Service service) const;
  Result<EndpointVariant> variant() const;

 private:
  Result<std::optional<Setting<std::string>>> service_section_endpoint(std::string_view key) const;

  const port::System& system_;
  const SharedConfig& config_;
  std::string_view profile_;
};

Result<bool> SettingsReader::flag(std::string_view name, std::string_view key,
                                  bool otherwise) const {
  const auto found = text(name, key);
  if (!found) return otherwise;
  if (base::equals_ignoring_case(found->value, "true")) return true;
  if (base::equals_ignoring_case(found->value, "false")) return false;
  return invalid_value(*found, "Set it to true or false.");
}

Result<std::optional<Setting<std::string>>> SettingsReader::service_section_endpoint(
    std::string_view key) const {
  const auto section_name = config_.value(profile_, "services");
  if (!section_name) return std::nullopt;
  const auto section = config_.services.find(*section_name);
  if (section == config_.services.end()) {
    return base::configuration_error("The services key of profile \"" + std::string(profile_) +
                                         "\" names the section [services " + *section_name +
                                         "], which is not in " + config_.config_path + ".",
                                     "Add the section, or remove the key.");
  }
  const auto service = section->second.find(key);
  if (service == section->second.end()) return std::nullopt;
  const auto url = service->second.nested.find("endpoint_url");
  if (url == service->second.nested.end() || url->second.empty()) return std::nullopt;
  return Setting<std::string>{url->second, "[services " + *section_name + "] " + std::string(key)};
}

Result<std::optional<Setting<std::string>>> SettingsReader::endpoint(Service service) const {
  const auto ignored =
      flag("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls");
  if (!ignored) return std::unexpected(ignored.error());
  if (*ignored) return std::nullopt;

  const auto name = service_name(service);
  if (auto url = from_environment(name.url_variable)) return url;
  if (auto url = from_environment("AWS_ENDPOINT_URL")) return url;
  auto url = service_section_endpoint(name.section_key);
  if (!url || *url) return url;
  return from_profile("endpoint_url");
}

Result<EndpointVariant> SettingsReader::variant() const {
  const auto fips = flag("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint");
  if (!fips) return std::unexpected(fips.error());
  const auto dual_stack = flag("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint");
  if (!dual_stack) return std::unexpected(dual_stack.error());
  return EndpointVariant{.fips = *fips, .dual_stack = *dual_stack};
}

Result<void> read_retry(const SettingsReader& reader, Settings& out) {
  if (const auto mode = reader.text("AWS_RETRY_MODE", "retry_mode")) {
    const auto word = base::to_lower(mode->value);
    if (word != "standard" && word != "adaptive" && word != "legacy") {
      return invalid_value(*mode, "Use standard or adaptive.");
    }
    if (word == "legacy") {
      out.warnings.push_back(mode->source + " is legacy. The standard mode is used instead.");
    }
    out.retry_mode = {word == "adaptive" ? RetryMode::adaptive : RetryMode::standard, mode->source};
  }
  if (const auto attempts = reader.text("AWS_MAX_ATTEMPTS", "max_attempts")) {
    int count = 0;
    const auto* end = attempts->value.data() + attempts->value.size();
    const auto [rest, error] = std::from_chars(attempts->value.data(), end, count);
    if (error != std::errc() || rest != end || count < 1) {
      return invalid_value(*attempts, "Use a whole number of 1 or more.");
    }
    out.max_attempts = {count, attempts->source};
  }
  return {};
}

Result<void> read_endpoints(const SettingsReader& reader, Settings& out) {
  const auto variant = reader.variant();
  if (!variant) return std::unexpected(variant.error());
  out.variant = *variant;
  for (const auto& [service, endpoint] :
       {std::pair(Service::bedrock_runtime, &out.runtime_endpoint),
        std::pair(Service::bedrock, &out.control_endpoint),
        std::pair(Service::bedrock_mantle, &out.mantle_endpoint)}) {
    auto url = reader.endpoint(service);
    if (!url) return std::unexpected(std::move(url.error()));
    *endpoint = std::move(*url);
    if (!*endpoint) continue;
    if (auto checked = check_variant(out.variant, (*endpoint)->source); !checked) return checked;
  }
  return {};
}

/// Source: smithy-rs, which removes all blanks, cuts `ns#` and refuses an empty element.
Result<void> read_auth_schemes(const SettingsReader& reader, Settings& out) {
  const auto list = reader.text("AWS_AUTH_SCHEME_PREFERENCE", "auth_scheme_preference");
  if (!list) return {};
  std::vector<std::string> names;
  for (const auto element : base::split(list->value, ',')) {
    std::string name(element.substr(element.rfind('#') + 1));
    std::erase_if(name, [](char c) { return c == ' ' || c == '\t'; });
    if (name.empty())
      return base::configuration_error(list->source + " contains an empty element.",
                                       "Remove the extra comma.");
    names.push_back(std::move(name));
  }
  out.auth_scheme_preference = {std::move(names), list->source};
  return {};
}

// Some SDKs read any text but `false` as true, others `true` alone, as here.
void warn_of_metadata_switch(const port::System& system, Settings& out) {
  constexpr std::string_view kName = "AWS_EC2_METADATA_DISABLED";
  const auto value = variable(system, kName);
  if (!value) return;
  const std::string_view word = base::trim(*value);
  if (base::equals_ignoring_case(word, "true") || base::equals_ignoring_case(word, "false")) return;
  out.warnings.push_back(std::string(kName) +
                         " is neither true nor false. Instance metadata stays enabled.");
}

}  // namespace

Result<Settings> load_settings(const port::System& system, const SharedConfig& config,
                               std::string_view profile) {
  const SettingsReader reader(system, config, profile);
  Settings settings;
  for (const auto read : {read_retry, read_endpoints, read_auth_schemes}) {
    if (auto done = read(reader, settings); !done) return std::unexpected(std::move(done.error()));
  }
  const auto no_correction =
      reader.flag("AWS_DISABLE_CLOCK_SKEW_CORRECTION", "disable_clock_skew_correction");
  if (!no_correction) return std::unexpected(no_correction.error());
  settings.clock_skew_correction = !*no_correction;
  warn_of_metadata_switch(system, settings);
  settings.ca_bundle = reader.text("AWS_CA_BUNDLE", "ca_bundle");
  if (!settings.ca_bundle) settings.ca_bundle = reader.from_environment("SSL_CERT_FILE");
  settings.bearer_token = Secret(variable(system, "AWS_BEARER_TOKEN_BEDROCK").value_or(""));
  return settings;
}

Result<std::optional<Setting<std::string>>> configured_endpoint(const port::System& system,
                                                                const SharedConfig& config,
                                                                std::string_view profile,
                                                                Service service) {
  return SettingsReader(system, config, profile).endpoint(service);
}

Result<void> check_variant(EndpointVariant variant, std::string_view endpoint_source) {
  if (!variant.fips && !variant.dual_stack) return {};
  // The first sentence is AWS's wording.
  const std::string what = variant.fips ? "FIPS" : "Dualstack";
  const std::string_view where = variant.fips
                                     ? "AWS_USE_FIPS_ENDPOINT or use_fips_endpoint"
                                     : "AWS_USE_DUALSTACK_ENDPOINT or use_dualstack_endpoint";
  return base::configuration_error(
      "Invalid Configuration: " + what +
          " and custom endpoint are not supported. The endpoint comes from " +
          std::string(endpoint_source) + ".",
      "Remove that endpoint, or " + std::string(where) + ".");
}

}  // namespace llm::aws
