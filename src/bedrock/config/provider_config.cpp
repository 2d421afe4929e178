#include "bedrock/config/provider_config.hpp"

#include <utility>

#include "aws/auth_scheme.hpp"
#include "aws/credentials/profile_resolver.hpp"
#include "aws/credentials/sources.hpp"
#include "aws/plain_http.hpp"
#include "aws/region.hpp"
#include "aws/settings.hpp"
#include "aws/shared_config.hpp"
#include "base/errors.hpp"
#include "bedrock/catalogue/base_model.hpp"
#include "bedrock/catalogue/catalogue.hpp"
#include "bedrock/catalogue/file.hpp"
#include "bedrock/lint/linter.hpp"
#include "http/curl_transport.hpp"

namespace llm::bedrock {
namespace {

constexpr std::string_view kUserAgent = "llm-bedrock/" BEDROCK_VERSION;
constexpr std::string_view kCatalogueVariable = "BEDROCK_CATALOGUE";

/// What is read of the surroundings; empty with EnvironmentUse::ignore.
struct Surroundings {
  std::shared_ptr<const aws::SharedConfig> config = std::make_shared<const aws::SharedConfig>();
  aws::ProfileName profile{};
  aws::Settings settings{};
};

Result<Surroundings> read_surroundings(const Options& options, const port::System& system) {
  Surroundings found;
  if (options.environment_use == EnvironmentUse::ignore) return found;
  found.profile = aws::profile_name(system, options.profile);
  if (!options.profile.empty()) found.profile.source = options.names.profile;
  Result<aws::SharedConfig> config = aws::load_shared_config(system);
  if (!config) return std::unexpected(std::move(config.error()));
  if (found.profile.named && config->profile(found.profile.name) == nullptr) {
    return std::unexpected(aws::missing_profile(*config, found.profile));
  }
  found.config = std::make_shared<const aws::SharedConfig>(std::move(*config));
  Result<aws::Settings> settings = aws::load_settings(system, *found.config, found.profile.name);
  if (!settings) return std::unexpected(std::move(settings.error()));
  found.settings = std::move(*settings);
  return found;
}

Result<aws::Setting<std::string>> region_in(const Options& options, const port::System& system,
                                            const Surroundings& found) {
  if (!options.region.empty()) {
    if (auto checked = aws::check_region(options.region, options.names.region); !checked) {
      return std::unexpected(std::move(checked.error()));
    }
    return aws::Setting<std::string>{options.region, options.names.region};
  }
  if (options.environment_use == EnvironmentUse::ignore) {
    return aws::Setting<std::string>{std::string(aws::kDefaultRegion), "default"};
  }
  return aws::resolve_region(system, *found.config, found.profile.name, {});
}

/// An endpoint that somebody gave, read and checked.
Result<aws::Endpoint> given_endpoint(const std::string& url, const std::string& origin,
                                     const Options& options, aws::EndpointVariant variant) {
  if (auto fits = aws::check_variant(variant, origin); !fits) {
    return std::unexpected(std::move(fits.error()));
  }
  Result<aws::Endpoint> endpoint = aws::parse_endpoint(url, origin);
  if (!endpoint) return endpoint;
  const auto allowed =
      options.allow_plain_http ? aws::PlainHttp::anywhere : aws::PlainHttp::loopback_only;
  if (auto checked = aws::check_plain_http(*endpoint, origin, allowed); !checked) {
    const std::string& setting = options.names.allow_plain_http;
    if (!setting.empty()) {
      base::add_advice("Set " + setting + " if plain HTTP is intended.", checked.error());
    }
    return std::unexpected(std::move(checked.error()));
  }
  return endpoint;
}

Result<aws::Endpoint> own_endpoint(std::string_view service, std::string_view region,
                                   aws::EndpointVariant variant) {
  Result<std::string> url = aws::aws_endpoint(service, region, variant);
  if (!url) return std::unexpected(std::move(url.error()));
  return aws::parse_endpoint(*url, "endpoint");
}

Result<void> resolve_endpoints(const Options& options, const aws::Settings& settings,
                               ProviderConfig& config) {
  config.endpoint_variant = settings.variant;
  std::string url = options.runtime_endpoint;
  config.runtime_endpoint_origin = options.names.runtime_endpoint;
  if (url.empty() && settings.runtime_endpoint) {
    url = settings.runtime_endpoint->value;
    config.runtime_endpoint_origin = settings.runtime_endpoint->source;
  }
  config.custom_runtime_endpoint = !url.empty();
  if (url.empty()) config.runtime_endpoint_origin = "AWS";
  Result<aws::Endpoint> runtime =
      url.empty() ? own_endpoint("bedrock-runtime", config.region, settings.variant)
                  : given_endpoint(url, config.runtime_endpoint_origin, options, settings.variant);
  if (!runtime) return std::unexpected(std::move(runtime.error()));
  config.runtime_endpoint = std::move(*runtime);

  std::string control_url = options.control_endpoint;
  std::string control_origin = options.names.control_endpoint;
  if (control_url.empty() && settings.control_endpoint) {
    control_url = settings.control_endpoint->value;
    control_origin = settings.control_endpoint->source;
  }
  if (control_url.empty() && config.custom_runtime_endpoint && config.runtime_endpoint.loopback) {
    // A local Bedrock has both services on one port, and its keys are none of AWS's business.
    control_url = url;
    control_origin = config.runtime_endpoint_origin;
  }
  config.custom_control_endpoint = !control_url.empty();
  Result<aws::Endpoint> control =
      control_url.empty() ? own_endpoint("bedrock", config.region, settings.variant)
                          : given_endpoint(control_url, control_origin, options, settings.variant);
  if (!control) return std::unexpected(std::move(control.error()));
  config.control_endpoint = std::move(*control);
  return {};
}

Result<void> resolve_retry(const Options& options, const aws::Settings& settings,
                           ProviderConfig& config) {
  if (auto checked = aws::check_max_retries(options.max_retries); !checked) return checked;
  if (options.max_retries) {
    config.pipeline.retry.max_attempts = *options.max_retries + 1;
  } else if (settings.max_attempts) {
    config.pipeline.retry.max_attempts = settings.max_attempts->value;
  }
  if (options.retry_mode) {
    config.pipeline.retry_mode = *options.retry_mode == RetryMode::adaptive
                                     ? aws::RetryMode::adaptive
                                     : aws::RetryMode::standard;
  } else if (settings.retry_mode) {
    config.pipeline.retry_mode = settings.retry_mode->value;
  }
  config.pipeline.retry_timeouts = options.retry_timeouts;
  return {};
}

aws::SourceContext source_context(const Options& options, const Surroundings& found,
                                  const ProviderConfig& config) {
  return {
      .system = config.pipeline.system,
      .transport = config.pipeline.transport,
      .config = found.config,
      .profile = found.profile.name,
      .profile_in_code = !options.profile.empty(),
      .region = config.region,
      .variant = found.settings.variant,
      .mfa = options.mfa,
  };
}

void warn_of_auth_scheme(const aws::Settings& settings, aws::AuthScheme used,
                         ProviderConfig& config) {
  if (auto warning = aws::auth_scheme_warning(settings, used)) {
    config.warnings.push_back({.id = "settings", .message = std::move(*warning)});
  }
}

/// An API key in code, then credentials in code, then AWS_BEARER_TOKEN_BEDROCK, then the chain.
Result<void> resolve_identity(const Options& options, const Surroundings& found,
                              ProviderConfig& config) {
  AuthSource& identity = config.pipeline.identity;
  identity.renew_api_key = options.renew_api_key;
  if (!options.api_key.empty()) {
    identity.api_key = options.api_key;
    config.identity_origin = "API key given in code";
    return {};
  }
  if (options.credentials != nullptr) {
    identity.credentials = options.credentials;
    config.identity_origin = options.names.credentials;
    return {};
  }
  if (!found.settings.bearer_token.empty()) {
    identity.api_key = found.settings.bearer_token;
    config.identity_origin = "API key in AWS_BEARER_TOKEN_BEDROCK";
    warn_of_auth_scheme(found.settings, aws::AuthScheme::bearer, config);
    return {};
  }
  if (options.environment_use == EnvironmentUse::ignore) {
    return std::unexpected(make_error(
        ErrorCode::configuration_error,
        "No credentials: with the environment ignored, set `credentials` or `api_key`."));
  }
  Result<aws::ProviderPtr> chain = aws::resolve_default_chain(source_context(options, found, config));
  if (!chain) return std::unexpected(std::move(chain.error()));
  identity.credentials = std::move(*chain);
  config.identity_origin = "AWS credential chain";
  warn_of_auth_scheme(found.settings, aws::AuthScheme::sigv4, config);
  return {};
}

/// The catalogue file that is named, and whether `base_model` fits the model.
Result<void> resolve_catalogue(const Options& options, ProviderConfig& config) {
  const port::System& system = *config.pipeline.system;
  std::string path = options.catalogue;
  std::string origin = options.names.catalogue;
  if (path.empty() && options.environment_use == EnvironmentUse::use) {
    path = system.env(kCatalogueVariable).value_or("");
    origin = kCatalogueVariable;
  }
  if (!path.empty()) {
    auto catalogue = read_catalogue(system, path, origin);
    if (!catalogue) return std::unexpected(std::move(catalogue.error()));
    config.catalogue = std::move(*catalogue);
  }
  config.base_model = options.base_model;
  const Result<ModelId> model = known_model(config, {});
  if (!model) return std::unexpected(model.error());
  return {};
}

std::shared_ptr<const Transport> transport_for(const Options& options,
                                               const aws::Settings& settings) {
  if (options.transport != nullptr) return options.transport;
  return http::curl_transport(
      {.ca_bundle = settings.ca_bundle ? settings.ca_bundle->value : std::string()});
}

}  // namespace

Result<ProviderConfig> resolve(const Options& options, std::shared_ptr<const port::System> system) {
  if (options.model.empty()) {
    return std::unexpected(
        make_error(ErrorCode::configuration_error,
                   "model is missing: set it to a Bedrock model id, inference profile or ARN."));
  }
  if (auto known = linter::check_rule_ids(options.lint_off); !known) {
    return std::unexpected(std::move(known.error()));
  }
  Result<Surroundings> found = read_surroundings(options, *system);
  if (!found) return std::unexpected(std::move(found.error()));

  ProviderConfig config;
  config.model = options.model;
  config.api = options.api;
  config.lint = options.lint;
  config.lint_off = options.lint_off;
  const Result<aws::Setting<std::string>> region = region_in(options, *system, *found);
  if (!region) return std::unexpected(region.error());
  config.region = region->value;
  config.region_origin = region->source;
  for (const std::string& text : found->settings.warnings) {
    config.warnings.push_back({.id = "settings", .message = text});
  }
  config.file_warnings = found->config->warnings;

  PipelineConfig& pipeline = config.pipeline;
  pipeline.system = std::move(system);
  pipeline.transport = transport_for(options, found->settings);
  pipeline.timeouts = options.timeouts;
  pipeline.correct_clock = found->settings.clock_skew_correction;
  pipeline.user_agent = kUserAgent;
  if (auto done = resolve_catalogue(options, config); !done) {
    return std::unexpected(std::move(done.error()));
  }
  if (auto done = resolve_endpoints(options, found->settings, config); !done) {
    return std::unexpected(std::move(done.error()));
  }
  if (auto done = resolve_retry(options, found->settings, config); !done) {
    return std::unexpected(std::move(done.error()));
  }
  if (auto done = resolve_identity(options, *found, config); !done) {
    return std::unexpected(std::move(done.error()));
  }
  const auto& keys = config.pipeline.identity.credentials;
  if (config.region_origin == "default" && options.environment_use == EnvironmentUse::use &&
      keys != nullptr) {
    config.late_region = std::make_shared<const LateRegion>(source_context(options, *found, config),
                                                            keys, config.pipeline.lookup_pool);
  }
  return config;
}

Result<RegionInUse> region_in_use(const ProviderConfig& config, const std::stop_token& stop,
                                  const std::optional<aws::Deadline>& deadline) {
  if (config.late_region != nullptr) return config.late_region->get(stop, deadline);
  return RegionInUse{.region = {config.region, config.region_origin}};
}

Result<void> move_to(const ProviderConfig& config, std::string_view region,
                     UnsignedRequest& operation, Plane plane) {
  const bool control = plane == Plane::control;
  Result<aws::Endpoint> endpoint = control ? config.control_endpoint : config.runtime_endpoint;
  const bool custom = control ? config.custom_control_endpoint : config.custom_runtime_endpoint;
  if (!custom && region != config.region) {
    endpoint =
        own_endpoint(control ? "bedrock" : "bedrock-runtime", region, config.endpoint_variant);
  }
  if (!endpoint) return std::unexpected(std::move(endpoint.error()));
  operation.endpoint = std::move(*endpoint);
  operation.region = region;
  operation.context.region = region;
  return {};
}

Result<ModelId> known_model(const ProviderConfig& config, std::string_view model) {
  const bool own = model.empty() || model == config.model;
  Result<ModelId> id = parse_model_id(own ? config.model : model, config.catalogue.get());
  if (!id || !own || config.base_model.empty()) return id;
  const auto named = name_base_model(*id, config.base_model, config.catalogue.get());
  if (!named) return std::unexpected(named.error());
  return id;
}

}  // namespace llm::bedrock
