#pragma once

#include <string>

#include <llm/local/server.hpp>

#include "base/time.hpp"
#include "local/frontend/refusal.hpp"
#include "local/http/message.hpp"

namespace llm::local {

/// Who asks, as far as replies depend on it.
struct Principal {
  std::string region = "us-east-1";  ///< Of the signature's scope.
};

/// The id of the key that a request is signed with; empty for a bearer key or no signature. It is
/// taken as it stands. The view lives as long as the request.
[[nodiscard]] std::string_view access_key_id_of(const Request& request);

/// Checks who asks: a bearer key, or a SigV4 signature in the Authorization header. The signature
/// is worked out again from the request as it was received. Refuses in the words of AWS's front
/// end. Pure.
/// Source: AWS General Reference, "Signature Version 4"; refusals seen from Bedrock.
[[nodiscard]] Checked<Principal> authenticate(const Request& request, const ServerOptions& options,
                                              base::TimePoint now);

}  // namespace llm::local
