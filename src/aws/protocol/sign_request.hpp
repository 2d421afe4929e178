#pragma once

#include <chrono>
#include <string_view>
#include <vector>

#include <llm/aws/credentials.hpp>
#include <llm/error.hpp>
#include <llm/transport.hpp>

#include "aws/protocol/sigv4.hpp"

namespace llm::aws {

/// The signed parts of a request's URL. Views.
struct UrlParts {
  std::string_view host{};  ///< Without the default port of the scheme.
  std::string_view path{};  ///< As sent.
  std::string_view query{};
};

/// Splits a URL that this library has not put together.
/// Errors: configuration_error for user info, a fragment, a missing host, a scheme other than https
/// and http, or bytes not allowed in a URL.
[[nodiscard]] Result<UrlParts> split_url(std::string_view url);

/// Signs a request that is otherwise complete. Adds `x-amz-date`, `authorization`,
/// `x-amz-security-token` if the credentials have one, and `host` if it is missing. Signs host,
/// content-type and every `x-amz-*`, `x-amzn-bedrock-*` and `amz-sdk-*` header. Replaces an earlier
/// signature, so that a retry can sign again. On an error the request is unchanged.
/// Errors: configuration_error for a control byte in a header; as `split_url`.
[[nodiscard]] Result<void> sign_request(HttpRequest& request, const Credentials& credentials,
                                        std::string_view region, std::string_view service,
                                        std::chrono::system_clock::time_point now);

/// The same with a key derived earlier (aws::Signer caches one) and a URL already split.
/// `timestamp` is the value of `x-amz-date`. Requires: `url` are the parts of `request.url`; `key`
/// is signing_key() of these credentials and `scope`; `timestamp` is of that day.
[[nodiscard]] Result<void> sign_request(HttpRequest& request, const UrlParts& url,
                                        const Credentials& credentials, const SigningScope& scope,
                                        std::string timestamp, const base::HmacKey& key);

/// The scope of a signature made at `timestamp` (`20260102T030405Z`).
[[nodiscard]] SigningScope signing_scope(std::string_view timestamp, std::string_view region,
                                         std::string_view service);

/// Refuses names that are not tokens and values with bytes below 0x20 or 0x7f.
/// Errors: configuration_error that names the header, never its value.
[[nodiscard]] Result<void> check_headers(const std::vector<HttpHeader>& headers);

}  // namespace llm::aws
