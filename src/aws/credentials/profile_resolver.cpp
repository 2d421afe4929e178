#include "aws/credentials/profile_resolver.hpp"

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

#include "base/errors.hpp"
#include "base/text.hpp"

namespace llm::aws {
namespace {

constexpr std::size_t kMaxListedProfiles = 10;
// Each profile adds calls to the stack, here and when its role is assumed, and a caller's stack may
// be small. Real chains have two or three profiles; AWS documents no limit.
constexpr std::size_t kMaxSourceProfiles = 16;

/// The profiles that exist, as a sentence.
std::string available_profiles(const SharedConfig& config) {
  if (config.profiles.empty()) return "There are no profiles.";
  std::string text = "Available profiles: ";
  std::size_t listed = 0;
  for (const auto& [name, section] : config.profiles) {
    if (listed == kMaxListedProfiles) break;
    text.append(listed++ == 0 ? "\"" : ", \"").append(name).append("\"");
  }
  const auto others = config.profiles.size() - listed;
  return others == 0 ? text + "." : text + " and " + std::to_string(others) + " more.";
}

std::string places(const SharedConfig& config) {
  if (config.config_path.empty() && config.credentials_path.empty()) {
    return "the shared files (HOME is not set)";
  }
  return config.config_path + " or " + config.credentials_path;
}

/// Follows a profile, and those that it refers to, to a source.
class Resolver {
 public:
  explicit Resolver(const SourceContext& context) : context_(context), config_(*context.config) {}

  Result<ProfileLookup> resolve(const std::string& profile);

 private:
  std::string get(const std::string& profile, std::string_view key) const {
    return config_.value(profile, key).value_or("");
  }

  static std::string quoted(const std::string& profile) { return "profile \"" + profile + "\""; }
  static std::unexpected<Error> refuse(const std::string& profile, const std::string& problem,
                                       std::string advice) {
    return base::configuration_error("Profile \"" + profile + "\" " + problem + ".",
                                     std::move(advice));
  }

  ProviderPtr refreshed(ProviderPtr source) const {
    return refreshing(context_.system, std::move(source));
  }

  bool has_static_credentials(const std::string& profile) const {
    return !get(profile, "aws_access_key_id").empty();
  }
  Result<ProviderPtr> static_source(const std::string& profile) const;

  Result<ProviderPtr> role(const std::string& profile);
  Result<ProviderPtr> base_profile(const std::string& profile, const std::string& source);
  Result<ProviderPtr> base_source(const std::string& profile, const std::string& source) const;
  Result<std::optional<std::chrono::seconds>> duration(const std::string& profile) const;

  Result<ProviderPtr> web_identity(const std::string& profile) const;
  Result<ProviderPtr> sso_session(const std::string& profile) const;
  Result<ProviderPtr> legacy_sso(const std::string& profile) const;

  const SourceContext& context_;
  const SharedConfig& config_;
  std::vector<std::string> visited_;  ///< Profiles on the way here, in order; at most
                                      ///< kMaxSourceProfiles.
};

/// Converts a provider to the result of a profile.
Result<ProfileLookup> found(Result<ProviderPtr> provider) {
  if (!provider) return std::unexpected(std::move(provider.error()));
  return ProfileLookup(std::move(*provider));
}

// NOLINTNEXTLINE(misc-no-recursion): kMaxSourceProfiles, which `base_profile` checks
Result<ProfileLookup> Resolver::resolve(const std::string& profile) {
  visited_.push_back(profile);
  const auto has = [&](std::string_view key) { return !get(profile, key).empty(); };

  // A profile that names itself wants its role with its own static credentials.
  const bool is_own_source = visited_.size() == 1 && get(profile, "source_profile") == profile;
  if (has_static_credentials(profile) && !(is_own_source && has("role_arn")))
    return found(static_source(profile));
  if (has("source_profile") && has("credential_source")) {
    return refuse(profile, "has both source_profile and credential_source", "Remove one of them.");
  }
  if (has("role_arn") && (has("source_profile") || has("credential_source"))) {
    return found(role(profile));
  }
  if (has("web_identity_token_file")) return found(web_identity(profile));
  if (has("role_arn")) {
    return refuse(profile,
                  "has role_arn but no source_profile, credential_source or "
                  "web_identity_token_file",
                  "Add one of them.");
  }
  if (has("sso_session")) return found(sso_session(profile));
  for (const auto key : {"sso_start_url", "sso_region", "sso_account_id", "sso_role_name"}) {
    if (has(key)) return found(legacy_sso(profile));
  }
  if (has("login_session")) {
    return found(refreshed(login_source(context_, get(profile, "login_session"), context_.region)));
  }
  if (has("credential_process")) {
    return found(refreshed(process_source(context_, get(profile, "credential_process"), profile)));
  }
  return ProfileLookup(
      NotConfigured{quoted(profile) + " has no credentials in " + places(config_)});
}

Result<ProviderPtr> Resolver::static_source(const std::string& profile) const {
  const auto secret = get(profile, "aws_secret_access_key");
  if (secret.empty()) {
    return std::unexpected(make_error(
        ErrorCode::authentication_error,
        "Profile \"" + profile + "\" has aws_access_key_id but no aws_secret_access_key.",
        "Add it, or remove both."));
  }
  // AWS's tools disagree on such a profile: say how it was read.
  const bool ignores_role = !get(profile, "role_arn").empty();
  return static_credentials(
      {.access_key_id = get(profile, "aws_access_key_id"),
       .secret_access_key = Secret(secret),
       .session_token = Secret(get(profile, "aws_session_token")),
       .expires_at = std::nullopt,
       .account_id = get(profile, "aws_account_id"),
       .source = quoted(profile) + (ignores_role ? " (static credentials; its role_arn is ignored)"
                                                 : " (static credentials)")});
}

// NOLINTNEXTLINE(misc-no-recursion): see `resolve`
Result<ProviderPtr> Resolver::role(const std::string& profile) {
  const auto source_profile = get(profile, "source_profile");
  auto seconds = duration(profile);
  if (!seconds) return std::unexpected(std::move(seconds.error()));
  AssumeRoleSettings settings{.role_arn = get(profile, "role_arn"),
                              .session_name = get(profile, "role_session_name"),
                              .external_id = get(profile, "external_id"),
                              .duration = *seconds,
                              .mfa_serial = get(profile, "mfa_serial"),
                              .source = quoted(profile)};
  auto base = source_profile.empty() ? base_source(profile, get(profile, "credential_source"))
                                     : base_profile(profile, source_profile);
  if (!base) return base;
  return refreshed(assume_role_source(context_, std::move(settings), std::move(*base)));
}

// NOLINTNEXTLINE(misc-no-recursion): see `resolve`
Result<ProviderPtr> Resolver::base_profile(const std::string& profile, const std::string& source) {
  if (config_.profile(source) == nullptr) {
    return refuse(profile,
                  "names the source_profile \"" + source + "\", which is not in " + places(config_),
                  available_profiles(config_));
  }
  if (source == profile && has_static_credentials(profile)) return static_source(profile);
  if (std::ranges::find(visited_, source) != visited_.end()) {
    std::string path;
    for (const auto& name : visited_) path += "\"" + name + "\" -> ";
    return base::configuration_error(
        "The source_profile keys form a cycle: " + path + "\"" + source + "\".",
        "A profile may name itself only if it has static credentials.");
  }
  if (visited_.size() == kMaxSourceProfiles) {
    return base::configuration_error(
        "Profile \"" + visited_.front() + "\" needs more than " +
            std::to_string(kMaxSourceProfiles) + " profiles, each the source_profile of another.",
        "Shorten the chain: name a profile with credentials nearer to its start.");
  }
  auto lookup = resolve(source);
  if (!lookup) return std::unexpected(std::move(lookup.error()));
  if (const auto* missing = std::get_if<NotConfigured>(&*lookup)) {
    return base::configuration_error(
        "The source_profile of " + quoted(profile) + " cannot be used: " + missing->reason + ".",
        "Add credentials to it, or name another profile.");
  }
  return std::get<ProviderPtr>(std::move(*lookup));
}

Result<ProviderPtr> Resolver::base_source(const std::string& profile,
                                          const std::string& source) const {
  if (base::equals_ignoring_case(source, "Environment")) return environment_source(context_);
  if (base::equals_ignoring_case(source, "EcsContainer")) {
    return refreshed(container_source(context_));
  }
  if (base::equals_ignoring_case(source, "Ec2InstanceMetadata")) {
    return refreshing(context_.system, instance_metadata_source(context_), {.use_expired = true});
  }
  return base::configuration_error(
      "The credential_source of " + quoted(profile) + " is \"" + source + "\".",
      "Use Environment, Ec2InstanceMetadata or EcsContainer.");
}

Result<std::optional<std::chrono::seconds>> Resolver::duration(const std::string& profile) const {
  const auto text = get(profile, "duration_seconds");
  if (text.empty()) return std::nullopt;
  int seconds = 0;
  const auto* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, seconds);
  if (error != std::errc() || rest != end) {
    return base::configuration_error(
        "The duration_seconds of " + quoted(profile) + " is \"" + text + "\".",
        "Use a whole number from 900 to 43200.");
  }
  return std::chrono::seconds(seconds);
}

Result<ProviderPtr> Resolver::web_identity(const std::string& profile) const {
  // AWS_ROLE_ARN must not complete a profile (smithy-rs).
  if (get(profile, "role_arn").empty()) {
    return refuse(profile, "has web_identity_token_file but no role_arn", "Add it.");
  }
  return refreshed(
      web_identity_source(context_, {.token_file = get(profile, "web_identity_token_file"),
                                     .role_arn = get(profile, "role_arn"),
                                     .session_name = get(profile, "role_session_name"),
                                     .source = quoted(profile)}));
}

Result<ProviderPtr> Resolver::sso_session(const std::string& profile) const {
  const auto name = get(profile, "sso_session");
  const auto session = config_.sso_sessions.find(name);
  if (session == config_.sso_sessions.end()) {
    return refuse(profile,
                  "names the sso_session \"" + name + "\", but [sso-session " + name +
                      "] is not in " + config_.config_path,
                  "Add it with \"aws configure sso\".");
  }
  SsoSettings settings{.session_name = name,
                       .start_url = {},
                       .region = {},
                       .account_id = get(profile, "sso_account_id"),
                       .role_name = get(profile, "sso_role_name"),
                       .source = quoted(profile)};
  if (settings.account_id.empty() || settings.role_name.empty()) {
    return refuse(profile,
                  "has sso_session without sso_account_id and sso_role_name, which gives a token "
                  "but no AWS credentials",
                  "Add both.");
  }
  const std::pair<std::string_view, std::string*> from_session[] = {
      {"sso_start_url", &settings.start_url}, {"sso_region", &settings.region}};
  for (const auto& [key, value] : from_session) {
    const auto property = session->second.find(key);
    if (property != session->second.end()) *value = property->second.value;
    if (value->empty()) {
      return base::configuration_error(
          "The section [sso-session " + name + "] has no " + std::string(key) + ".", "Add it.");
    }
    const auto repeated = get(profile, key);
    if (!repeated.empty() && repeated != *value) {
      return base::configuration_error("The " + std::string(key) + " of " + quoted(profile) +
                                           " differs from that of [sso-session " + name + "].",
                                       "Remove it from the profile.");
    }
  }
  return refreshed(sso_source(context_, std::move(settings)));
}

Result<ProviderPtr> Resolver::legacy_sso(const std::string& profile) const {
  for (const auto* key : {"sso_start_url", "sso_region", "sso_account_id", "sso_role_name"}) {
    if (get(profile, key).empty()) {
      return refuse(profile, "is configured for IAM Identity Center but has no " + std::string(key),
                    "Add it, or use an sso_session.");
    }
  }
  return refreshed(sso_source(context_, {.session_name = {},
                                         .start_url = get(profile, "sso_start_url"),
                                         .region = get(profile, "sso_region"),
                                         .account_id = get(profile, "sso_account_id"),
                                         .role_name = get(profile, "sso_role_name"),
                                         .source = quoted(profile),
                                         .profile = profile}));
}

}  // namespace

Result<ProfileLookup> resolve_profile(const SourceContext& context, const ProfileName& name) {
  const auto& config = *context.config;
  if (config.profile(name.name) != nullptr) return Resolver(context).resolve(name.name);
  if (!name.named) {
    return ProfileLookup(
        NotConfigured{"profile \"" + name.name + "\" is not in " + places(config)});
  }
  return std::unexpected(missing_profile(config, name));
}

Error missing_profile(const SharedConfig& config, const ProfileName& name) {
  return make_error(
      ErrorCode::configuration_error,
      "Profile \"" + name.name + "\" (from " + name.source + ") is not in " + places(config) + ".",
      available_profiles(config));
}

}  // namespace llm::aws
