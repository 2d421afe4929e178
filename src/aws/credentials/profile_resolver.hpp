#pragma once

#include <string>
#include <variant>

#include <llm/error.hpp>

#include "aws/credentials/sources.hpp"
#include "aws/shared_config.hpp"

namespace llm::aws {

/// What a profile says about credentials, or that it says nothing.
using ProfileLookup = std::variant<ProviderPtr, NotConfigured>;

/// Finds the source that profile `name` of `context.config` asks for: static keys, role with
/// `source_profile`, role with `credential_source`, web identity, SSO, legacy SSO, login,
/// `credential_process`. Asks none of them.
/// Requires: `context.config` is not null.
/// Errors: authentication_error or configuration_error that names the profile and the key.
/// Source: AWS's internal credential chain specification, as aws-c-auth quotes it.
[[nodiscard]] Result<ProfileLookup> resolve_profile(const SourceContext& context,
                                                    const ProfileName& name);

/// The error of a profile that somebody named and that is not there; lists some that are.
[[nodiscard]] Error missing_profile(const SharedConfig& config, const ProfileName& name);

}  // namespace llm::aws
