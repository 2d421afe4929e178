#pragma once

#include <stop_token>
#include <string>

#include <llm/error.hpp>
#include <llm/secret.hpp>

#include "aws/credentials/context.hpp"
#include "aws/credentials/sources.hpp"
#include "aws/credentials/sso_cache.hpp"
#include "aws/credentials/token_refresh.hpp"

namespace llm::aws {

/// The advice when a token of IAM Identity Center cannot be used: the command that gets a new one.
[[nodiscard]] std::string sso_login_advice(const SourceContext& context,
                                           const SsoSettings& settings);

/// The token of one session. Read from the cache file each time, and refreshed when it expires
/// within five minutes, at most every 30 seconds (smithy-rs). Safe from many threads.
class SsoTokens {
 public:
  SsoTokens(const SourceContext& context, const SsoSettings& settings)
      : context_(context), settings_(settings) {}

  /// A token that has not expired.
  /// Errors: authentication_error with advice on how to log in; configuration_error; cancelled.
  [[nodiscard]] Result<Secret> access_token(std::stop_token stop) const;

 private:
  [[nodiscard]] bool may_refresh(const SsoToken& token) const;
  [[nodiscard]] Result<SsoToken> refresh(const SsoToken& token, std::stop_token stop) const;
  [[nodiscard]] Error expired() const;

  const SourceContext& context_;
  const SsoSettings& settings_;
  RefreshGate gate_;
};

}  // namespace llm::aws
