#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "local/frontend/refusal.hpp"

namespace llm::local {

/// The only signing algorithm that is accepted.
inline constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
/// How far the date of a signature may be from the server's time.
inline constexpr std::chrono::minutes kMaxSkew{5};

// The refusals of AWS's front end, which checks signatures.
[[nodiscard]] std::unexpected<Refusal> refuse_at_front_end(std::string_view name,
                                                           std::string message, int status = 403);
[[nodiscard]] std::unexpected<Refusal> incomplete_signature(std::string message);
[[nodiscard]] std::unexpected<Refusal> bad_signature(std::string message);
[[nodiscard]] std::unexpected<Refusal> unrecognized_client();

/// The five parts of `Credential`. Views of the parsed text.
struct Credential {
  std::string_view access_key_id;
  std::string_view date;
  std::string_view region;
  std::string_view service;
  std::string_view terminator;
};

/// nullopt unless the text has five parts.
[[nodiscard]] std::optional<Credential> parse_credential(std::string_view text);

/// The services in the scopes of signatures.
inline constexpr std::string_view kBedrock = "bedrock";
inline constexpr std::string_view kBedrockMantle = "bedrock-mantle";

/// Checks a scope against the region (empty: any), the service and the date of the request.
[[nodiscard]] Checked<void> check_scope(const Credential& credential, const std::string& region,
                                        std::string_view service, std::string_view date);

}  // namespace llm::local
