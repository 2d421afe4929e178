#include <utility>

#include "aws/credentials/sources.hpp"
#include "aws/region.hpp"
#include "aws/variable.hpp"
#include "base/errors.hpp"

namespace llm::aws {
namespace {

/// AWS_WEB_IDENTITY_TOKEN_FILE with AWS_ROLE_ARN, as EKS sets them.
class EnvironmentWebIdentity final : public CredentialsProvider {
 public:
  explicit EnvironmentWebIdentity(SourceContext context) : context_(std::move(context)) {}

  std::string_view name() const override { return "web identity"; }

  Result<CredentialsLookup> lookup(std::stop_token stop) const override {
    const auto token_file = variable(*context_.system, "AWS_WEB_IDENTITY_TOKEN_FILE");
    if (!token_file) return not_set();
    const auto role_arn = variable(*context_.system, "AWS_ROLE_ARN");
    if (!role_arn) {
      return base::configuration_error(
          "AWS_WEB_IDENTITY_TOKEN_FILE is set but AWS_ROLE_ARN is not.", "Set both, or neither.");
    }
    return web_identity_source(
               context_,
               {.token_file = *token_file,
                .role_arn = *role_arn,
                .session_name = variable(*context_.system, "AWS_ROLE_SESSION_NAME").value_or(""),
                .source = "environment"})
        ->lookup(std::move(stop));
  }

  std::optional<CredentialsLookup> try_lookup() const override {
    if (variable(*context_.system, "AWS_WEB_IDENTITY_TOKEN_FILE")) return std::nullopt;
    return not_set();
  }

 private:
  static NotConfigured not_set() { return {"AWS_WEB_IDENTITY_TOKEN_FILE is not set"}; }

  SourceContext context_;
};

/// Fills in the fields that the caller left empty.
Result<void> complete(SourceContext& context) {
  if (!context.config) {
    auto config = load_shared_config(*context.system);
    if (!config) return std::unexpected(std::move(config.error()));
    context.config = std::make_shared<const SharedConfig>(std::move(*config));
  }
  if (context.profile.empty()) context.profile = profile_name(*context.system, "").name;
  if (context.region.empty()) {
    auto region = resolve_region(*context.system, *context.config, context.profile, "");
    if (!region) return std::unexpected(std::move(region.error()));
    context.region = std::move(region->value);
  }
  return {};
}

}  // namespace

Result<ProviderPtr> resolve_default_chain(SourceContext context) {
  if (auto completed = complete(context); !completed) {
    return std::unexpected(std::move(completed.error()));
  }
  const auto& system = context.system;
  std::vector<ProviderPtr> sources;
  if (!context.profile_in_code) sources.push_back(environment_source(context));
  sources.push_back(profile_source(context));
  sources.push_back(refreshing(system, std::make_shared<EnvironmentWebIdentity>(context)));
  sources.push_back(refreshing(system, container_source(context)));
  sources.push_back(refreshing(system, instance_metadata_source(context), {.use_expired = true}));
  return chain(std::move(sources));
}

}  // namespace llm::aws
