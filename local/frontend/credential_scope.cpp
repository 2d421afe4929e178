#include "local/frontend/credential_scope.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/text.hpp"

namespace llm::local {
namespace {

constexpr std::string_view kTerminator = "aws4_request";

/// `us-east-1`, `us-gov-west-1`: at least two words and a digit.
bool looks_like_a_region(std::string_view region) {
  const std::vector<std::string_view> parts = base::split(region, '-');
  if (parts.size() < 3) return false;
  const auto letters = [](std::string_view part) {
    return !part.empty() && std::ranges::all_of(part, [](char c) { return c >= 'a' && c <= 'z'; });
  };
  const std::string_view number = parts.back();
  return std::all_of(parts.begin(), parts.end() - 1, letters) && number.size() == 1 &&
         number[0] >= '1' && number[0] <= '9';
}

}  // namespace

std::unexpected<Refusal> refuse_at_front_end(std::string_view name, std::string message,
                                             int status) {
  return std::unexpected(Refusal{
      .status = status, .name = name, .message = std::move(message), .layer = Layer::front_end});
}

std::unexpected<Refusal> incomplete_signature(std::string message) {
  return refuse_at_front_end("IncompleteSignatureException", std::move(message), 400);
}

std::unexpected<Refusal> bad_signature(std::string message) {
  return refuse_at_front_end("InvalidSignatureException", std::move(message));
}

std::unexpected<Refusal> unrecognized_client() {
  return refuse_at_front_end("UnrecognizedClientException",
                             "The security token included in the request is invalid.");
}

std::optional<Credential> parse_credential(std::string_view text) {
  const std::vector<std::string_view> parts = base::split(text, '/');
  if (parts.size() != 5) return std::nullopt;
  return Credential{parts[0], parts[1], parts[2], parts[3], parts[4]};
}

Checked<void> check_scope(const Credential& credential, const std::string& region,
                          std::string_view service, std::string_view date) {
  if (credential.terminator != kTerminator) {
    return bad_signature(
        "Credential should be scoped with a valid terminator: 'aws4_request', not '" +
        std::string(credential.terminator) + "'.");
  }
  const bool valid_region =
      region.empty() ? looks_like_a_region(credential.region) : credential.region == region;
  if (!valid_region) return bad_signature("Credential should be scoped to a valid region. ");
  if (credential.service != service) {
    return bad_signature("Credential should be scoped to correct service: '" +
                         std::string(service) + "'. ");
  }
  if (credential.date != date.substr(0, 8)) {
    return bad_signature(
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of "
        "date from HTTP: '" +
        std::string(credential.date) + "' != '" + std::string(date.substr(0, 8)) + "', from '" +
        std::string(date) + "'.");
  }
  return {};
}

}  // namespace llm::local
