#pragma once

#include <string>
#include <variant>

#include <llm/error.hpp>

#include "aws/credentials/sources.hpp"
#include "aws/shared_config.hpp"

namespace llm::aws {

/// The credential source of a profile, or that it has none.
using ProfileLookup = std::variant<ProviderPtr, NotConfigured>;

/// Determines the source that the profile `name` of `context.config` configures: static
/// credentials, role with `source_profile`, role with `credential_source`, web identity, SSO,
/// legacy SSO, login, `credential_process`. Looks nothing up yet. Requires: `context.config` is not
/// null. Errors: authentication_error or configuration_error that names the profile and the key.
/// Source: AWS's internal credential chain specification, as aws-c-auth quotes it.
[[nodiscard]] Result<ProfileLookup> resolve_profile(const SourceContext& context,
                                                    const ProfileName& name);

/// The error for a named profile that does not exist; the advice lists some that do.
[[nodiscard]] Error missing_profile(const SharedConfig& config, const ProfileName& name);

}  // namespace llm::aws
