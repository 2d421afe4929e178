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
#include "aws/protocol/retry.hpp"
#include "aws/protocol/service_error.hpp"
#include "base/time.hpp"

namespace llm::aws {

/// Longest response that is read from a service that hands out credentials (aws-c-auth,
/// aws-c-sdkutils).
inline constexpr std::size_t kMaxCredentialResponseBytes = 64 * 1024;

/// A complete response. The body may hold credentials: it goes into no message.
struct CredentialResponse {
  HttpResponseHead head{};
  Secret body{};
  int attempts = 0;
  [[nodiscard]] bool ok() const { return head.status == 200; }
};

/// One call to a service that hands out credentials, and how it is retried.
struct CredentialCall {
  std::string what{};  ///< For people: `STS AssumeRole at https://sts.eu-west-1.amazonaws.com`.
  /// Builds the request of each attempt: signatures and tokens expire.
  std::function<Result<HttpRequest>()> request{};
  /// How to retry after a response; never called for status 200.
  std::function<RetryKind(const CredentialResponse&)> retry{};
  RetryPolicy policy{};
  bool retry_lost = true;  ///< Retry when no response came, too.
};

/// Sends until there is a response that is not to be retried. Any status is a success here but a
/// redirect, which is never followed.
/// Errors: connection_error, timeout_error, cancelled, authentication_error (redirect, too long),
/// configuration_error (a control byte in a header); those of `request`.
[[nodiscard]] Result<CredentialResponse> perform(const SourceContext& context,
                                                 const CredentialCall& call, std::stop_token stop);

/// `retry_kind` of a JSON response.
[[nodiscard]] RetryKind retry_json_response(const CredentialResponse& response);

/// The error of a response with another status than 200: server_error for 5xx, rate_limit_error for
/// throttling, else authentication_error. `advice` is a sentence; it may be empty. The service's
/// text is left out when it holds one of `secrets`.
[[nodiscard]] Error refusal(std::string_view what, const ServiceError& service, int attempts,
                            std::string_view advice, const std::vector<Secret>& secrets);

/// The error of a response that cannot be understood: "WHAT: The response PROBLEM."
[[nodiscard]] Error unusable_response(std::string_view what, std::string_view problem,
                                      std::string_view advice = {});

/// The Expiration in a response (see `base::read_time`). Errors: as `unusable_response`, with the
/// reason why it cannot be relied on.
[[nodiscard]] Result<base::TimePoint> read_expiration(std::string_view text, std::string_view what);

}  // namespace llm::aws
