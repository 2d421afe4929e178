#include "bedrock/config/provider_config.hpp"

#include <algorithm>
#include <utility>

#include "aws/auth_scheme.hpp"
#include "aws/credentials/profile_resolver.hpp"
#include "aws/credentials/sources.hpp"
#include "aws/plain_http.hpp"
#include "aws/region.hpp"
#include "aws/settings.hpp"
#include "aws/shared_config.hpp"
#include "base/errors.hpp"
#include "base/percent.hpp"
#include "bedrock/catalogue/base_model.hpp"
#include "bedrock/catalogue/catalogue.hpp"
#include "bedrock/catalogue/file.hpp"
#include "bedrock/codec/request_check.hpp"
#include "bedrock/lint/linter.hpp"
#include "http/curl_transport.hpp"
#include "http/loop_transport.hpp"

namespace llm::bedrock {
namespace {

constexpr std::string_view kUserAgent = "llm-bedrock/" BEDROCK_VERSION;
constexpr std::string_view kCatalogueVariable = "BEDROCK_CATALOGUE";

/// What environment and shared files say; empty with EnvironmentUse::ignore.
struct EnvironmentSettings {
  std::shared_ptr<const aws::SharedConfig> config = std::make_shared<const aws::SharedConfig>();
  aws::ProfileName profile{};
  aws::Settings settings{};
};

Result<EnvironmentSettings> read_environment(const Options& options, const port::System& system) {
  EnvironmentSettings environment;
  if (options.environment_use == EnvironmentUse::ignore) return environment;
  environment.profile = aws::profile_name(system, options.profile);
  if (!options.profile.empty()) environment.profile.source = options.names.profile;
  const aws::ProfileName& profile = environment.profile;
  Result<aws::SharedConfig> config = aws::load_shared_config(system);
  if (!config) return std::unexpected(std::move(config.error()));
  if (profile.named && config->profile(profile.name) == nullptr) {
    return std::unexpected(aws::missing_profile(*config, profile));
  }
  environment.config = std::make_shared<const aws::SharedConfig>(std::move(*config));
  Result<aws::Settings> settings = aws::load_settings(system, *environment.config, profile.name);
  if (!settings) return std::unexpected(std::move(settings.error()));
  environment.settings = std::move(*settings);
  return environment;
}

Result<aws::Setting<std::string>> region_setting(const Options& options,
                                                 const EnvironmentSettings& environment,
                                                 const port::System& system) {
  if (!options.region.empty()) {
    if (auto checked = aws::check_region(options.region, options.names.region); !checked) {
      return std::unexpected(std::move(checked.error()));
    }
    return aws::Setting<std::string>{options.region, options.names.region};
  }
  if (options.environment_use == EnvironmentUse::ignore) {
    return aws::Setting<std::string>{std::string(aws::kDefaultRegion), "default"};
  }
  return aws::resolve_region(system, *environment.config, environment.profile.name, {});
}

Result<void> resolve_region(const Options& options, const EnvironmentSettings& environment,
                            ProviderConfig& config) {
  auto region = region_setting(options, environment, *config.pipeline.system);
  if (!region) return std::unexpected(std::move(region.error()));
  config.region = std::move(region->value);
  config.region_source = std::move(region->source);
  return {};
}

/// An endpoint from the options or the environment, parsed and checked.
Result<aws::Endpoint> given_endpoint(const std::string& url, const std::string& source,
                                     const Options& options, aws::EndpointVariant variant) {
  if (auto fits = aws::check_variant(variant, source); !fits) {
    return std::unexpected(std::move(fits.error()));
  }
  Result<aws::Endpoint> endpoint = aws::parse_endpoint(url, source);
  if (!endpoint) return endpoint;
  const auto allowed =
      options.allow_plain_http ? aws::PlainHttp::anywhere : aws::PlainHttp::loopback_only;
  if (auto checked = aws::check_plain_http(*endpoint, source, allowed); !checked) {
    const std::string& setting = options.names.allow_plain_http;
    if (!setting.empty()) {
      base::add_advice("Set " + setting + " if plain HTTP is intended.", checked.error());
    }
    return std::unexpected(std::move(checked.error()));
  }
  return endpoint;
}

/// AWS's own endpoint in a region.
Result<aws::Endpoint> aws_endpoint_of(std::string_view service, std::string_view region,
                                      aws::EndpointVariant variant) {
  Result<std::string> url = aws::aws_endpoint(service, region, variant);
  if (!url) return std::unexpected(std::move(url.error()));
  return aws::parse_endpoint(*url, "endpoint");
}

/// The URL of an endpoint, and where it was set; an empty URL stands for AWS's own.
using Url = aws::Setting<std::string>;

Url endpoint_setting(const std::string& in_code, std::string_view option,
                     const std::optional<Url>& in_environment) {
  if (in_code.empty() && in_environment) return *in_environment;
  return {in_code, std::string(option)};
}

Result<aws::Endpoint> resolve_endpoint(const Url& setting, std::string_view service,
                                       const Options& options, const ProviderConfig& config) {
  if (setting.value.empty()) {
    return aws_endpoint_of(service, config.region, config.endpoint_variant);
  }
  return given_endpoint(setting.value, setting.source, options, config.endpoint_variant);
}

/// In order: the option, with `api = mantle` that of Bedrock Runtime, the environment, `local`.
Result<void> resolve_mantle_endpoint(const Options& options, const aws::Settings& settings,
                                     Url local, ProviderConfig& config) {
  Url url{options.mantle_endpoint, options.names.mantle_endpoint};
  if (url.value.empty() && options.api == Api::mantle) {
    url = {options.runtime_endpoint, options.names.runtime_endpoint};
  }
  if (url.value.empty()) url = settings.mantle_endpoint.value_or(std::move(local));
  config.custom_mantle_endpoint = !url.value.empty();
  config.mantle_endpoint_source = config.custom_mantle_endpoint ? url.source : "AWS";
  auto endpoint = resolve_endpoint(url, "bedrock-mantle", options, config);
  if (!endpoint) {
    // Most clients never call bedrock-mantle: that AWS has no host for it is the call's error.
    if (!config.custom_mantle_endpoint) return {};
    return std::unexpected(std::move(endpoint.error()));
  }
  config.mantle_endpoint = std::move(*endpoint);
  return {};
}

Result<void> resolve_endpoints(const Options& options, const EnvironmentSettings& environment,
                               ProviderConfig& config) {
  const aws::Settings& settings = environment.settings;
  config.endpoint_variant = settings.variant;
  const auto runtime = endpoint_setting(options.runtime_endpoint, options.names.runtime_endpoint,
                                        settings.runtime_endpoint);
  config.custom_runtime_endpoint = !runtime.value.empty();
  config.runtime_endpoint_source = config.custom_runtime_endpoint ? runtime.source : "AWS";
  Result<aws::Endpoint> endpoint = resolve_endpoint(runtime, "bedrock-runtime", options, config);
  if (!endpoint) return std::unexpected(std::move(endpoint.error()));
  config.runtime_endpoint = std::move(*endpoint);

  auto control = endpoint_setting(options.control_endpoint, options.names.control_endpoint,
                                  settings.control_endpoint);
  const bool is_local = config.custom_runtime_endpoint && config.runtime_endpoint.loopback;
  // A local Bedrock serves both on one port, and its credentials must not go to AWS.
  if (control.value.empty() && is_local) control = runtime;
  config.custom_control_endpoint = !control.value.empty();
  endpoint = resolve_endpoint(control, "bedrock", options, config);
  if (!endpoint) return std::unexpected(std::move(endpoint.error()));
  config.control_endpoint = std::move(*endpoint);
  return resolve_mantle_endpoint(options, settings, is_local ? runtime : Url{}, config);
}

Result<void> resolve_retry(const Options& options, const EnvironmentSettings& environment,
                           ProviderConfig& config) {
  const aws::Settings& settings = environment.settings;
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

aws::SourceContext source_context(const Options& options, const EnvironmentSettings& environment,
                                  const ProviderConfig& config) {
  return {
      .system = config.pipeline.system,
      .transport = config.pipeline.transport,
      .config = environment.config,
      .profile = environment.profile.name,
      .profile_in_code = !options.profile.empty(),
      .region = config.region,
      .variant = environment.settings.variant,
      .mfa = options.mfa,
  };
}

void warn_of_auth_scheme(const aws::Settings& settings, aws::AuthScheme used,
                         ProviderConfig& config) {
  if (auto warning = aws::auth_scheme_warning(settings, used)) {
    config.warnings.push_back({.id = "settings", .message = std::move(*warning)});
  }
}

/// In order: an API key in code, credentials in code, AWS_BEARER_TOKEN_BEDROCK, the default chain.
Result<void> resolve_identity(const Options& options, const EnvironmentSettings& environment,
                              ProviderConfig& config) {
  AuthSource& identity = config.pipeline.identity;
  identity.renew_api_key = options.renew_api_key;
  if (!options.api_key.empty()) {
    identity.api_key = options.api_key;
    config.identity_source = "API key given in code";
    return {};
  }
  if (options.credentials != nullptr) {
    identity.credentials = options.credentials;
    config.identity_source = options.names.credentials;
    return {};
  }
  if (!environment.settings.bearer_token.empty()) {
    identity.api_key = environment.settings.bearer_token;
    config.identity_source = "API key in AWS_BEARER_TOKEN_BEDROCK";
    warn_of_auth_scheme(environment.settings, aws::AuthScheme::bearer, config);
    return {};
  }
  if (options.environment_use == EnvironmentUse::ignore) {
    return base::configuration_error("No credentials are set, and the environment is ignored.",
                                     "Set `credentials` or `api_key`.");
  }
  Result<aws::ProviderPtr> chain =
      aws::resolve_default_chain(source_context(options, environment, config));
  if (!chain) return std::unexpected(std::move(chain.error()));
  identity.credentials = std::move(*chain);
  config.identity_source = "AWS credential chain";
  warn_of_auth_scheme(environment.settings, aws::AuthScheme::sigv4, config);
  return {};
}

/// Reads the catalogue file, and checks that `base_model` fits the model.
Result<void> resolve_catalogue(const Options& options, const EnvironmentSettings& /*unused*/,
                               ProviderConfig& config) {
  const port::System& system = *config.pipeline.system;
  std::string path = options.catalogue;
  std::string source = options.names.catalogue;
  if (path.empty() && options.environment_use == EnvironmentUse::use) {
    path = system.env(kCatalogueVariable).value_or("");
    source = kCatalogueVariable;
  }
  if (!path.empty()) {
    auto catalogue = read_catalogue(system, path, source);
    if (!catalogue) return std::unexpected(std::move(catalogue.error()));
    config.catalogue = std::move(*catalogue);
  }
  config.base_model = options.base_model;
  const Result<ModelId> model = known_model(config, {});
  if (!model) return std::unexpected(model.error());
  return {};
}

void set_transport(const Options& options, const aws::Settings& settings,
                   PipelineConfig& pipeline) {
  pipeline.transport = options.transport;
  if (pipeline.transport != nullptr) return;
  pipeline.transport = http::curl_transport(
      {.ca_bundle = settings.ca_bundle ? settings.ca_bundle->value : std::string()});
  pipeline.loop_transport = [curl = pipeline.transport](loop::Core& core) {
    return http::loop_transport(*curl, core);
  };
}

Result<aws::Endpoint> endpoint_in(std::string_view region, Plane plane,
                                  const ProviderConfig& config) {
  const bool is_own_region = region == config.region;
  switch (plane) {
    case Plane::runtime:
      if (config.custom_runtime_endpoint || is_own_region) return config.runtime_endpoint;
      return aws_endpoint_of("bedrock-runtime", region, config.endpoint_variant);
    case Plane::control:
      if (config.custom_control_endpoint || is_own_region) return config.control_endpoint;
      return aws_endpoint_of("bedrock", region, config.endpoint_variant);
    case Plane::mantle:
      if (config.custom_mantle_endpoint) return config.mantle_endpoint;
      if (is_own_region && !config.mantle_endpoint.host.empty()) return config.mantle_endpoint;
      return aws_endpoint_of("bedrock-mantle", region, config.endpoint_variant);
  }
  std::unreachable();
}

/// Claude Messages for Claude, `none` for every other model. A model that the catalogue lacks is
/// taken for one of the same vendor.
WireFormat mantle_format(const ProviderConfig& config, const ModelId& model) {
  constexpr auto kMessages = WireFormat::claude_messages;
  if (model.facts != nullptr) {
    return model.facts->wire_format == kMessages ? kMessages : WireFormat::none;
  }
  const std::string_view id = model.base_id.empty() ? model.requested_id : model.base_id;
  const std::string_view vendor = id.substr(0, id.find('.') + 1);
  const auto is_relative = [vendor](const ModelFacts& facts) {
    return facts.wire_format == kMessages && facts.base_id.starts_with(vendor);
  };
  if (vendor.empty()) return WireFormat::none;
  const bool in_overlay =
      config.catalogue != nullptr && std::ranges::any_of(config.catalogue->models(), is_relative);
  return in_overlay || std::ranges::any_of(all_models(), is_relative) ? kMessages
                                                                      : WireFormat::none;
}

Result<void> check_options(const Options& options) {
  if (options.model.empty()) {
    return base::configuration_error(
        "The model is missing.",
        "Set `model` to a Bedrock model id, the id of an inference profile, or an ARN.");
  }
  if (!options.project.empty()) {
    if (auto checked = check_project(options.project); !checked) return checked;
  }
  return linter::check_rule_ids(options.lint_off);
}

Result<void> copy_settings(const Options& options, const EnvironmentSettings& environment,
                           ProviderConfig& config) {
  config.model = options.model;
  config.api = options.api;
  config.lint = options.lint;
  config.lint_off = options.lint_off;
  config.project = options.project;
  for (const std::string& text : environment.settings.warnings) {
    config.warnings.push_back({.id = "settings", .message = text});
  }
  config.file_warnings = environment.config->warnings;
  PipelineConfig& pipeline = config.pipeline;
  set_transport(options, environment.settings, pipeline);
  pipeline.timeouts = options.timeouts;
  pipeline.correct_clock = environment.settings.clock_skew_correction;
  pipeline.user_agent = kUserAgent;
  return {};
}

/// With no region set anywhere, the first call finds out that of the machine.
Result<void> resolve_late_region(const Options& options, const EnvironmentSettings& environment,
                                 ProviderConfig& config) {
  const auto& credentials = config.pipeline.identity.credentials;
  const bool is_open =
      config.region_source == "default" && options.environment_use == EnvironmentUse::use;
  if (is_open && credentials != nullptr) {
    config.late_region = std::make_shared<const LateRegion>(
        source_context(options, environment, config), credentials, config.pipeline.lookup_pool);
  }
  return {};
}

}  // namespace

Result<ProviderConfig> resolve(const Options& options, std::shared_ptr<const port::System> system) {
  ProviderConfig config;
  config.pipeline.system = std::move(system);
  if (auto checked = check_options(options); !checked) {
    return std::unexpected(std::move(checked.error()));
  }
  Result<EnvironmentSettings> environment = read_environment(options, *config.pipeline.system);
  if (!environment) return std::unexpected(std::move(environment.error()));
  // Each step uses what the ones before it have filled in.
  for (const auto& step : {copy_settings, resolve_region, resolve_catalogue, resolve_endpoints,
                           resolve_retry, resolve_identity, resolve_late_region}) {
    if (auto done = step(options, *environment, config); !done) {
      return std::unexpected(std::move(done.error()));
    }
  }
  return config;
}

Result<RegionInUse> region_in_use(const ProviderConfig& config, const std::stop_token& stop,
                                  const std::optional<aws::Deadline>& deadline) {
  if (config.late_region != nullptr) return config.late_region->get(stop, deadline);
  return RegionInUse{.region = {config.region, config.region_source}};
}

Result<void> move_to(const ProviderConfig& config, std::string_view region,
                     UnsignedRequest& request) {
  Result<aws::Endpoint> endpoint = endpoint_in(region, request.plane, config);
  if (!endpoint) return std::unexpected(std::move(endpoint.error()));
  request.endpoint = std::move(*endpoint);
  request.region = region;
  request.context.region = region;
  return {};
}

std::string model_path(const ModelId& model, Operation operation) {
  const OperationInfo& info = info_of(operation);
  if (info.plane == Plane::mantle) {
    const bool is_under_openai = model.facts != nullptr && model.facts->quirks.openai_path &&
                                 operation == Operation::chat_completions;
    return std::string(is_under_openai ? "/openai" : "") + std::string(info.path);
  }
  const std::string_view segment = info.path;
  std::string path;
  path.reserve(model.requested_id.size() + segment.size() + 16);  // an id has a colon or two
  path = "/model/";
  base::append_percent_encoded(model.requested_id, path);
  path.append("/").append(segment);
  return path;
}

WireFormat chat_format(const ProviderConfig& config, const ModelId& model) {
  if (uses_mantle(config, model)) return mantle_format(config, model);
  if (config.api == Api::converse || model.facts == nullptr) return WireFormat::none;
  return model.facts->wire_format;
}

bool uses_mantle(const ProviderConfig& config, const ModelId& model) {
  if (config.api != Api::automatic) return config.api == Api::mantle;
  return model.facts != nullptr && model.facts->mantle == Mantle::only;
}

Operation chat_operation(const ProviderConfig& config, const ModelId& model, Delivery delivery) {
  const bool is_native = chat_format(config, model) != WireFormat::none;
  if (uses_mantle(config, model)) {
    return is_native ? Operation::messages : Operation::chat_completions;
  }
  return is_native ? invoke_operation(delivery) : converse_operation(delivery);
}

Result<ModelId> known_model(const ProviderConfig& config, std::string_view model) {
  const bool is_own = model.empty() || model == config.model;
  Result<ModelId> id = parse_model_id(is_own ? config.model : model, config.catalogue.get());
  if (id) id->project = config.project;
  if (!id || !is_own || config.base_model.empty()) return id;
  const auto named = name_base_model(*id, config.base_model, config.catalogue.get());
  if (!named) return std::unexpected(named.error());
  return id;
}

}  // namespace llm::bedrock
