#include "aws/auth_scheme.hpp"

#include <string_view>
#include <vector>

namespace llm::aws {
namespace {

// The first scheme of the list that Bedrock supports.
std::optional<AuthScheme> preferred_scheme(const std::vector<std::string>& names) {
  for (const std::string_view name : names) {
    if (name == "sigv4") return AuthScheme::sigv4;
    if (name == "httpBearerAuth") return AuthScheme::bearer;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> auth_scheme_warning(const Settings& settings, AuthScheme used) {
  if (!settings.auth_scheme_preference) return std::nullopt;
  const auto& [names, source] = *settings.auth_scheme_preference;
  const std::optional<AuthScheme> preferred = preferred_scheme(names);
  if (preferred == used) return std::nullopt;
  if (!preferred) {
    return source +
           " is ignored: it names no scheme that Bedrock supports (sigv4 or httpBearerAuth).";
  }
  if (used == AuthScheme::bearer) {
    return source +
           " prefers sigv4, but AWS_BEARER_TOKEN_BEDROCK is set and takes precedence. Unset it to "
           "sign requests with SigV4.";
  }
  return source +
         " prefers httpBearerAuth, but AWS_BEARER_TOKEN_BEDROCK is not set. Requests are signed "
         "with SigV4.";
}

}  // namespace llm::aws
