#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <llm/local/server.hpp>

#include "base/time.hpp"
#include "local/frontend/refusal.hpp"
#include "local/http/message.hpp"

namespace llm::local {

/// The accepted credentials with this access key id and session token, or null.
[[nodiscard]] const AcceptedCredentials* find_credentials(std::string_view access_key_id,
                                                          std::string_view session_token,
                                                          const ServerOptions& options);

/// Whether a query has a SigV4 signature, complete or not.
[[nodiscard]] bool is_presigned(std::string_view query);

/// The access key id of a SigV4 signature in a query, not verified; empty without one, and in a
/// credential without its five parts, where it could be anything.
[[nodiscard]] std::string presigned_access_key_id(std::string_view query);

/// Verifies a request whose SigV4 signature is in its query; returns the region of the signature.
/// Source: AWS General Reference, "Signature Version 4", query parameters.
[[nodiscard]] Checked<std::string> check_presigned(const Request& request,
                                                   const ServerOptions& options,
                                                   base::TimePoint now);

/// Verifies what follows the prefix of a short-term API key: a presigned call of
/// `CallWithBearerToken` in base64, valid until its `X-Amz-Expires` has passed. Returns the region
/// of the signature; nullopt for a key that is not valid. Source: AWS's own token generators.
[[nodiscard]] std::optional<std::string> check_short_term_key(std::string_view base64,
                                                              const ServerOptions& options,
                                                              base::TimePoint now);

}  // namespace llm::local
