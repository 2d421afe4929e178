#pragma once

#include <optional>
#include <string>

#include "aws/settings.hpp"

namespace llm::aws {

/// The ways to authenticate that Bedrock supports.
enum class AuthScheme {
  sigv4,   ///< `sigv4`
  bearer,  ///< `httpBearerAuth`: a Bedrock API key.
};

/// Warns when `used` is not what AWS_AUTH_SCHEME_PREFERENCE or auth_scheme_preference asks for.
/// AWS_BEARER_TOKEN_BEDROCK takes precedence over the preference, and a preferred scheme without
/// credentials is skipped: so the preference never changes the scheme, and this says why.
/// Source: AWS SDKs and Tools Reference Guide, "Authentication scheme"; botocore, the SDKs for C++
/// and Kotlin, which move bearer to the front of the list when the variable is set.
[[nodiscard]] std::optional<std::string> auth_scheme_warning(const Settings& settings,
                                                             AuthScheme used);

}  // namespace llm::aws
