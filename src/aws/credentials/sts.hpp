#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <llm/aws/credentials.hpp>
#include <llm/error.hpp>
#include <llm/secret.hpp>

#include "aws/credentials/context.hpp"

namespace llm::aws {

/// A question to AWS STS for the keys of a role.
struct StsCall {
  std::string action{};    ///< `AssumeRole` or `AssumeRoleWithWebIdentity`.
  std::string role_arn{};  ///< For messages; it stands among the parameters too.
  std::vector<std::pair<std::string, std::string>> parameters{};  ///< Not encoded yet.
  std::optional<Credentials> signer{};                            ///< Unset: sent unsigned.
  std::vector<Secret> secrets{};  ///< What was put into it that no message may hold.
};

/// Asks STS at the client's region, with retries; `Credentials::source` is left empty.
/// Errors: authentication_error with the STS code and what to do; rate_limit_error, server_error,
/// connection_error, timeout_error after the last attempt; configuration_error; cancelled.
[[nodiscard]] Result<Credentials> ask_sts(const SourceContext& context, const StsCall& call,
                                          std::stop_token stop);

/// `given`, or a name made up of the clock (`llm-bedrock-<milliseconds>`) when it is empty.
/// Errors: configuration_error when it is not 2–64 of `[A-Za-z0-9_+=,.@-]` (AWS STS API Reference).
[[nodiscard]] Result<std::string> role_session_name(const SourceContext& context,
                                                    std::string_view given,
                                                    std::string_view origin);

/// Refuses what is no ARN before it is sent. Errors: configuration_error.
[[nodiscard]] Result<void> check_role_arn(std::string_view role_arn, std::string_view origin);

}  // namespace llm::aws
