#include "bedrock/call/sent_secrets.hpp"

#include <algorithm>
#include <string>

#include "aws/protocol/service_error.hpp"

namespace llm::bedrock {
namespace {

// Real ones are far longer; a shorter one would match innocent words.
constexpr std::size_t kMinSecretBytes = 16;
constexpr std::string_view kBearer = "Bearer ";

std::string_view secret_in(const HttpHeader& header) {
  const std::string_view name = header.name;
  if (name == "x-amz-security-token") return header.value;
  if (name != "authorization" || !header.value.starts_with(kBearer)) return {};
  return std::string_view(header.value).substr(kBearer.size());
}

}  // namespace

SentSecrets::SentSecrets(const HttpRequest& request) {
  for (const HttpHeader& header : request.headers) {
    const std::string_view secret = secret_in(header);
    if (secret.size() >= kMinSecretBytes) secrets_.emplace_back(std::string(secret));
  }
}

bool SentSecrets::repeated_in(std::string_view text) const {
  return std::ranges::any_of(secrets_, [text](const Secret& secret) {
    return aws::repeats_secret(text, secret.reveal());
  });
}

void SentSecrets::hide(std::string_view operation, Error& error) const {
  if (repeated_in(error.message) || repeated_in(error.advice)) {
    error.message = std::string(operation) +
                    " failed. The service's words repeat an API key or token and are not shown.";
    error.advice.clear();
  }
  if (repeated_in(error.service_code)) error.service_code.clear();
  if (repeated_in(error.request_id)) error.request_id.clear();
}

}  // namespace llm::bedrock
