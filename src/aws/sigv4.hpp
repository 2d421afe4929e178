#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include <llm/aws/credentials.hpp>
#include <llm/error.hpp>
#include <llm/transport.hpp>

#include "base/sha256.hpp"

namespace llm::aws {

/// What is signed. `path` and `query` are as they go over the wire (already percent-encoded once).
struct SigningInput {
  std::string_view method{};
  std::string_view path{};            ///< Begins with `/`; empty counts as `/`.
  std::string_view query{};           ///< Without `?`.
  std::vector<HttpHeader> headers{};  ///< All to be signed, `host` and `x-amz-date` included.
  std::string payload_sha256{};       ///< Lower-case hex.
};

/// Where a signature is good for. `date` is `YYYYMMDD`, of the same instant as `x-amz-date`.
struct SigningScope {
  std::string date{};
  std::string region{};
  std::string service{};
  [[nodiscard]] std::string text() const;  ///< `date/region/service/aws4_request`
};

/// Every step, so that each can be compared with published vectors. Holds the session token in
/// `canonical_request`: never log it.
struct Signature {
  std::string canonical_request{};
  std::string string_to_sign{};
  std::string signed_headers{};
  std::string hex{};            ///< The signature itself.
  std::string authorization{};  ///< The value of the Authorization header.
};

/// AWS Signature Version 4 (not S3: the path is encoded once more). Pure.
/// Requires: `x-amz-date` among the headers.
/// Source: AWS General Reference, "Create a signed AWS API request".
[[nodiscard]] Signature sign(const SigningInput& input, const SigningScope& scope,
                             std::string_view access_key_id, std::string_view secret_access_key);

/// The key that signs within one scope. As secret as the secret key; good for that day alone.
[[nodiscard]] base::Sha256Digest signing_key(std::string_view secret_access_key,
                                             const SigningScope& scope);

/// The canonical URI of a wire path: empty and dot segments removed, encoded once more but for `/`.
[[nodiscard]] std::string canonical_uri(std::string_view wire_path);
/// The canonical query of a wire query: sorted by encoded name, then value. A `+` is a plus sign.
[[nodiscard]] std::string canonical_query(std::string_view wire_query);

/// Adds `x-amz-date`, `x-amz-security-token` where there is one, `authorization`, and `host` where
/// it is missing, to a request that is complete otherwise. Signs host, content-type and every
/// `x-amz-*`, `x-amzn-bedrock-*` and `amz-sdk-*` header. Replaces what an earlier signature added,
/// so that a retry can sign anew. On an error the request is as it was.
/// Errors: configuration_error for a control byte in a header or a URL it cannot take apart.
[[nodiscard]] Result<void> sign_request(HttpRequest& request, const Credentials& credentials,
                                        std::string_view region, std::string_view service,
                                        std::chrono::system_clock::time_point now);

/// Refuses names that are no tokens and values with bytes below 0x20 or 0x7f.
/// Errors: configuration_error that names the header, never its value.
[[nodiscard]] Result<void> check_headers(const std::vector<HttpHeader>& headers);

}  // namespace llm::aws
