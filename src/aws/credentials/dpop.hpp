#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include <llm/error.hpp>
#include <llm/secret.hpp>

namespace llm::aws {

/// The claims of a DPoP proof.
struct DpopClaims {
  std::string token_id{};  ///< `jti`: unique per request.
  std::string method{};    ///< `htm`
  std::string url{};       ///< `htu`: without query and fragment.
  std::chrono::system_clock::time_point issued_at{};
};

/// The proof of possession for the `DPoP` header: a JWT signed with ES256, with the public key in
/// its header. `private_key_pem` is an EC P-256 key in PEM (SEC1 or PKCS #8). Errors:
/// authentication_error when the key is of another kind or cannot sign; the text shows none of the
/// key. Source: RFC 9449, section 4.2.
[[nodiscard]] Result<Secret> dpop_proof(const Secret& private_key_pem, const DpopClaims& claims);

}  // namespace llm::aws
