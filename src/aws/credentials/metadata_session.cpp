#include "aws/credentials/metadata_session.hpp"

#include <charconv>
#include <string>
#include <utility>

#include "base/text.hpp"

namespace llm::aws {
namespace {

constexpr std::string_view kLifetimeHeader = "x-aws-ec2-metadata-token-ttl-seconds";
constexpr std::chrono::seconds kTokenLifetime{21'600};  // the longest there is (EC2 User Guide)
constexpr int kSessionTokenRefused = 401;

HttpLimits limits(std::chrono::seconds patience) {
  return {.connect = patience, .first_byte = patience, .idle = patience, .total = 2 * patience};
}

RetryPolicy policy(const MetadataEndpoint& endpoint) {
  RetryPolicy result;
  if (endpoint.attempts) result.max_attempts = *endpoint.attempts;
  return result;
}

HttpRequest request(const MetadataEndpoint& endpoint, std::string method, std::string_view path,
                    HttpHeader header) {
  HttpRequest built{.method = std::move(method), .url = endpoint.url + std::string(path)};
  built.headers = {{"host", endpoint.host}, std::move(header)};
  built.limits = limits(endpoint.patience);
  built.proxy = ProxyUse::never;
  built.peer = PeerRule::metadata;
  return built;
}

RetryKind retry_response(const CredentialResponse& answer) {
  return retry_kind(answer.head.status, {});
}

std::chrono::seconds lifetime(const HttpResponseHead& head) {
  const std::string_view text = head.header(kLifetimeHeader);
  std::int64_t seconds = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  const bool whole = failure == std::errc{} && end == text.data() + text.size();
  if (!whole || seconds < 1 || seconds > kTokenLifetime.count()) return kTokenLifetime;
  return std::chrono::seconds(seconds);
}

Error unreachable(const MetadataEndpoint& endpoint, Error failure) {
  failure.message = "no instance metadata service at " + endpoint.url + ": " + failure.message;
  if (failure.code == ErrorCode::timeout_error) {
    failure.message +=
        "; in a container on an EC2 instance, raise the instance's metadata hop limit to 2: the "
        "answer does not reach past the instance otherwise";
  }
  return failure;
}

}  // namespace

Result<std::variant<CredentialResponse, NotConfigured>> MetadataSession::get(
    std::string_view path, std::stop_token stop) const {
  auto found = metadata_endpoint(context_);
  if (!found) return std::unexpected(std::move(found).error());
  if (auto* absent = std::get_if<NotConfigured>(&*found)) return std::move(*absent);
  const auto& endpoint = std::get<MetadataEndpoint>(*found);

  TokenLookup key = token(endpoint, stop);
  if (!key) return std::unexpected(std::move(key).error());
  if (auto* absent = std::get_if<NotConfigured>(&*key)) return std::move(*absent);
  Result<CredentialResponse> answer = ask(endpoint, path, std::get<Secret>(*key), stop);
  if (answer && answer->head.status == kSessionTokenRefused) {
    key = new_token(endpoint, stop);
    if (!key) return std::unexpected(std::move(key).error());
    if (auto* absent = std::get_if<NotConfigured>(&*key)) return std::move(*absent);
    answer = ask(endpoint, path, std::get<Secret>(*key), std::move(stop));
  }
  if (!answer) return std::unexpected(std::move(answer).error());
  return *std::move(answer);
}

MetadataSession::TokenLookup MetadataSession::token(const MetadataEndpoint& endpoint,
                                                    std::stop_token stop) const {
  {
    const std::lock_guard lock(mutex_);
    if (token_ && context_.system->steady_now() < token_->expires_at) return token_->text;
  }
  return new_token(endpoint, std::move(stop));
}

MetadataSession::TokenLookup MetadataSession::new_token(const MetadataEndpoint& endpoint,
                                                        std::stop_token stop) const {
  const std::string what = "getting a token of the instance metadata service at " + endpoint.url;
  const auto asked_at = context_.system->steady_now();
  const HttpHeader wish{std::string(kLifetimeHeader), std::to_string(kTokenLifetime.count())};
  const Result<CredentialResponse> answer =
      perform(context_,
              {.what = what,
               .request = [&]() -> Result<HttpRequest> {
                 return request(endpoint, "PUT", "/latest/api/token", wish);
               },
               .retry = retry_response,
               .policy = policy(endpoint),
               .retry_lost = endpoint.attempts.has_value()},
              std::move(stop));
  if (!answer) {
    const Error& failure = answer.error();
    const bool silent =
        failure.code == ErrorCode::timeout_error || failure.code == ErrorCode::connection_error;
    if (!silent) return std::unexpected(failure);
    Error told = unreachable(endpoint, failure);
    if (endpoint.configured) return std::unexpected(std::move(told));
    return NotConfigured{std::move(told.message)};
  }
  if (!answer->ok()) {
    Error told = refusal(what, {.status = answer->head.status}, answer->attempts,
                         "the service may be switched off for this instance", {});
    if (endpoint.configured || answer->head.status >= 500) return std::unexpected(std::move(told));
    return NotConfigured{std::move(told.message)};
  }
  Secret text{std::string(base::trim(answer->body.reveal()))};
  if (text.empty()) return std::unexpected(unusable_response(what, "is empty"));
  const std::lock_guard lock(mutex_);
  token_ = Token{.text = text, .expires_at = asked_at + lifetime(answer->head)};
  return text;
}

Result<CredentialResponse> MetadataSession::ask(const MetadataEndpoint& endpoint,
                                                std::string_view path, const Secret& token,
                                                std::stop_token stop) const {
  return perform(
      context_,
      {.what = "asking the instance metadata service at " + endpoint.url + std::string(path),
       .request = [&]() -> Result<HttpRequest> {
         return request(endpoint, "GET", path,
                        {"x-aws-ec2-metadata-token", std::string(token.reveal())});
       },
       .retry = retry_response,
       .policy = policy(endpoint)},
      std::move(stop));
}

}  // namespace llm::aws
