#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include <llm/error.hpp>
#include <llm/secret.hpp>
#include <llm/transport.hpp>

#include "aws/credentials/context.hpp"
#include "aws/retry.hpp"
#include "aws/service_error.hpp"

namespace llm::aws {

/// Longest answer that is read from a service that hands out credentials (aws-c-auth,
/// aws-c-sdkutils).
inline constexpr std::size_t kMaxCredentialResponseBytes = 64 * 1024;

/// A whole answer. The body may hold keys: it goes into no message.
struct CredentialResponse {
  HttpResponseHead head{};
  Secret body{};
  int attempts = 0;
  [[nodiscard]] bool ok() const { return head.status == 200; }
};

/// One question to a service that hands out credentials, and how often to ask it.
struct CredentialCall {
  std::string what{};  ///< For people: `STS AssumeRole at https://sts.eu-west-1.amazonaws.com`.
  /// Builds the request anew for each attempt: signatures and tokens are of their time.
  std::function<Result<HttpRequest>()> request{};
  /// How to ask again after an answer that came; never called for status 200.
  std::function<RetryKind(const CredentialResponse&)> retry{};
  RetryPolicy policy{};
  bool retry_lost = true;  ///< Ask again too when no answer came.
};

/// Asks until there is an answer that is not to be retried. Any status is a success here but a
/// redirect: those are never followed.
/// Errors: connection_error, timeout_error, cancelled, authentication_error (redirect, too long),
/// configuration_error (a control byte in a header); what `request` says.
[[nodiscard]] Result<CredentialResponse> perform(const SourceContext& context,
                                                 const CredentialCall& call, std::stop_token stop);

/// `retry_kind` of an answer in JSON.
[[nodiscard]] RetryKind retry_json_response(const CredentialResponse& answer);

/// The error for an answer that is no success: server_error for 5xx, rate_limit_error for
/// throttling, else authentication_error. `advice` is the last clause, what to do; none when empty.
/// The service's text is left out when it holds one of `secrets`.
[[nodiscard]] Error refusal(std::string_view what, const ServiceError& service, int attempts,
                            std::string_view advice, const std::vector<Secret>& secrets);

/// The error for an answer that cannot be understood. `problem` completes "the answer ...".
[[nodiscard]] Error unusable_response(std::string_view what, std::string_view problem);

}  // namespace llm::aws
