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

/// A call to AWS STS for the credentials of a role.
struct StsCall {
  std::string action{};    ///< `AssumeRole` or `AssumeRoleWithWebIdentity`.
  std::string role_arn{};  ///< For messages; also in `parameters`.
  std::vector<std::pair<std::string, std::string>> parameters{};  ///< Not encoded yet.
  std::optional<Credentials> signer{};                            ///< Unset: sent unsigned.
  std::vector<Secret> secrets{};  ///< Values in the call that no message may show.
};

/// Calls STS in the client's region, with retries. Leaves `Credentials::source` empty.
/// Errors: authentication_error with the STS code and advice; rate_limit_error, server_error,
/// connection_error, timeout_error after the last attempt; configuration_error; cancelled.
[[nodiscard]] Result<Credentials> call_sts(const SourceContext& context, const StsCall& call,
                                           std::stop_token stop);

/// `given`, or a name made from the clock (`llm-bedrock-<milliseconds>`) when it is empty.
/// Errors: configuration_error when it is not 2–64 of `[A-Za-z0-9_+=,.@-]` (AWS STS API Reference).
[[nodiscard]] Result<std::string> role_session_name(const SourceContext& context,
                                                    std::string_view given,
                                                    std::string_view source);

/// Refuses anything but an ARN, before it is sent. Errors: configuration_error.
[[nodiscard]] Result<void> check_role_arn(std::string_view role_arn, std::string_view source);

}  // namespace llm::aws
