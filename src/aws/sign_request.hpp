#pragma once

#include <chrono>
#include <string_view>
#include <vector>

#include <llm/aws/credentials.hpp>
#include <llm/error.hpp>
#include <llm/transport.hpp>

#include "aws/sigv4.hpp"

namespace llm::aws {

/// The parts of a request's URL that are signed. Views.
struct UrlParts {
  std::string_view host{};  ///< Without the scheme's own port.
  std::string_view path{};  ///< As sent.
  std::string_view query{};
};

/// The parts of a URL that others have put together.
/// Errors: configuration_error for user info, a fragment, no host, a scheme other than https and
/// http, or bytes that do not belong in a URL.
[[nodiscard]] Result<UrlParts> split_url(std::string_view url);

/// Adds `x-amz-date`, `x-amz-security-token` where there is one, `authorization`, and `host` where
/// it is missing, to a request that is complete otherwise. Signs host, content-type and every
/// `x-amz-*`, `x-amzn-bedrock-*` and `amz-sdk-*` header. Replaces what an earlier signature added,
/// so that a retry can sign anew. On an error the request is as it was.
/// Errors: configuration_error for a control byte in a header; as `split_url`.
[[nodiscard]] Result<void> sign_request(HttpRequest& request, const Credentials& credentials,
                                        std::string_view region, std::string_view service,
                                        std::chrono::system_clock::time_point now);

/// The same with a key that was derived before (aws::Signer caches one) and a URL whose parts are
/// known. `timestamp` is the value of `x-amz-date`.
/// Requires: `url` are the parts of `request.url`; `key` is signing_key() of these credentials and
/// `scope`; `timestamp` is of that day.
[[nodiscard]] Result<void> sign_request(HttpRequest& request, const UrlParts& url,
                                        const Credentials& credentials, const SigningScope& scope,
                                        std::string timestamp, const base::HmacKey& key);

/// The scope of a signature that is made at `timestamp` (`20260102T030405Z`).
[[nodiscard]] SigningScope signing_scope(std::string_view timestamp, std::string_view region,
                                         std::string_view service);

/// Refuses names that are no tokens and values with bytes below 0x20 or 0x7f.
/// Errors: configuration_error that names the header, never its value.
[[nodiscard]] Result<void> check_headers(const std::vector<HttpHeader>& headers);

}  // namespace llm::aws
