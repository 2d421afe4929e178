#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/sha256.hpp"

namespace llm::aws {

/// The name of the signature's algorithm.
inline constexpr std::string_view kSigningAlgorithm = "AWS4-HMAC-SHA256";

/// The header with the time of signing.
inline constexpr std::string_view kDateHeader = "x-amz-date";

/// A view of one header field. Names are compared ignoring case.
struct HeaderView {
  std::string_view name{};
  std::string_view value{};
};

/// The request to sign. `path` and `query` are as sent (already percent-encoded once).
struct SigningInput {
  std::string_view method{};
  std::string_view path{};            ///< Begins with `/`; empty means `/`.
  std::string_view query{};           ///< Without `?`.
  std::vector<HeaderView> headers{};  ///< Those to sign, `host` and `x-amz-date` included.
  base::Sha256Digest payload_sha256{};
};

/// The scope in which a signature is valid. `date` is `YYYYMMDD`, the day of `x-amz-date`.
struct SigningScope {
  std::string date{};
  std::string region{};
  std::string service{};
  void append_to(std::string& out) const;  ///< `date/region/service/aws4_request`
  friend bool operator==(const SigningScope&, const SigningScope&) = default;
};

/// A signature with all intermediate results, so that each can be compared with published vectors.
/// `canonical_request` contains the session token: never log it.
struct Signature {
  std::string canonical_request{};
  std::string string_to_sign{};
  std::string signed_headers{};
  std::string authorization{};  ///< Value of the Authorization header; ends with the signature.

  /// The signature in hex. The view is valid until `authorization` changes.
  /// Requires: made by sign().
  [[nodiscard]] std::string_view hex() const&;
};

/// AWS Signature Version 4 (the path is encoded again, unlike for S3). Pure.
/// Requires: `x-amz-date` among the headers.
/// Source: AWS General Reference, "Create a signed AWS API request".
[[nodiscard]] Signature sign(SigningInput input, const SigningScope& scope,
                             std::string_view access_key_id, std::string_view secret_access_key);
/// The same with a key derived earlier, and with the hasher that hashed the payload.
/// Requires: `key` is signing_key() of the secret key and `scope`.
[[nodiscard]] Signature sign(SigningInput input, const SigningScope& scope,
                             std::string_view access_key_id, const base::HmacKey& key,
                             base::Sha256& sha256);

/// The key that signs within one scope. As secret as the secret access key; valid for that day
/// only.
[[nodiscard]] base::HmacKey signing_key(std::string_view secret_access_key,
                                        const SigningScope& scope);

/// The canonical URI of a path as sent: empty and dot segments removed, encoded again except for
/// `/`.
void append_canonical_uri(std::string_view wire_path, std::string& out);
/// The canonical form of a query as sent: sorted by encoded name, then value. A `+` is a plus sign.
[[nodiscard]] std::string canonical_query(std::string_view wire_query);

}  // namespace llm::aws
