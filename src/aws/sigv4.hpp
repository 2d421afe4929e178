#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/sha256.hpp"

namespace llm::aws {

/// The header of the time of signing.
inline constexpr std::string_view kDateHeader = "x-amz-date";

/// One header field; the name's case does not count. Owns nothing.
struct HeaderView {
  std::string_view name{};
  std::string_view value{};
};

/// What is signed. `path` and `query` are as they go over the wire (already percent-encoded once).
struct SigningInput {
  std::string_view method{};
  std::string_view path{};            ///< Begins with `/`; empty counts as `/`.
  std::string_view query{};           ///< Without `?`.
  std::vector<HeaderView> headers{};  ///< All to be signed, `host` and `x-amz-date` included.
  base::Sha256Digest payload_sha256{};
};

/// Where a signature is good for. `date` is `YYYYMMDD`, of the same instant as `x-amz-date`.
struct SigningScope {
  std::string date{};
  std::string region{};
  std::string service{};
  void append_to(std::string& out) const;  ///< `date/region/service/aws4_request`
  friend bool operator==(const SigningScope&, const SigningScope&) = default;
};

/// Every step, so that each can be compared with published vectors. Holds the session token in
/// `canonical_request`: never log it.
struct Signature {
  std::string canonical_request{};
  std::string string_to_sign{};
  std::string signed_headers{};
  std::string authorization{};  ///< The value of the Authorization header; ends with the signature.

  /// The signature itself, in hex. The view lives as long as `authorization` is not changed.
  /// Requires: made by sign().
  [[nodiscard]] std::string_view hex() const&;
};

/// AWS Signature Version 4 (not S3: the path is encoded once more). Pure.
/// Requires: `x-amz-date` among the headers.
/// Source: AWS General Reference, "Create a signed AWS API request".
[[nodiscard]] Signature sign(SigningInput input, const SigningScope& scope,
                             std::string_view access_key_id, std::string_view secret_access_key);
/// The same with a key that was derived before, hashed by what has hashed the payload.
/// Requires: `key` is signing_key() of the secret key and `scope`.
[[nodiscard]] Signature sign(SigningInput input, const SigningScope& scope,
                             std::string_view access_key_id, const base::HmacKey& key,
                             base::Sha256& sha256);

/// The key that signs within one scope. As secret as the secret key; good for that day alone.
[[nodiscard]] base::HmacKey signing_key(std::string_view secret_access_key,
                                        const SigningScope& scope);

/// The canonical URI of a wire path: empty and dot segments removed, encoded once more but for `/`.
void append_canonical_uri(std::string_view wire_path, std::string& out);
/// The canonical query of a wire query: sorted by encoded name, then value. A `+` is a plus sign.
[[nodiscard]] std::string canonical_query(std::string_view wire_query);

}  // namespace llm::aws
