#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <llm/local/server.hpp>

#include "base/time.hpp"
#include "local/frontend/credential_scope.hpp"
#include "local/frontend/refusal.hpp"
#include "local/http/message.hpp"

namespace llm::local {

/// The authenticated caller, as far as replies depend on it.
struct Principal {
  std::optional<std::string> signed_region{};  ///< Of the signature's scope.

  /// The region to reply for; without a signature a guess.
  [[nodiscard]] std::string region() const { return signed_region.value_or("us-east-1"); }
};

/// The access key id in the signature of a request, not verified; empty for an API key, without a
/// signature, and in a credential without its five parts, where it could be anything.
[[nodiscard]] std::string access_key_id_of(const Request& request);

/// Authenticates a request by its API key or its SigV4 signature, in the header or in the query,
/// which is computed again from the request as received. A short-term API key is such a signature,
/// too. A signature in the header must be for `service`; the others are for Bedrock alone. Refuses
/// with the messages of AWS's front end. Pure.
/// Source: AWS General Reference, "Signature Version 4"; refusals seen from Bedrock.
[[nodiscard]] Checked<Principal> authenticate(const Request& request, const ServerOptions& options,
                                              base::TimePoint now,
                                              std::string_view service = kBedrock);

}  // namespace llm::local
