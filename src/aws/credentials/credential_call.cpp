#include "aws/credentials/credential_call.hpp"

#include <algorithm>
#include <utility>

#include "aws/sign_request.hpp"

namespace llm::aws {
namespace {

/// A name such as `localhost` must not lead elsewhere without TLS.
void keep_plain_http_here(HttpRequest& request) {
  const bool plain = request.url.starts_with("http://");
  if (plain && request.peer == PeerRule::any) request.peer = PeerRule::loopback;
}

Error with_context(Error error, std::string_view what) {
  error.message = std::string(what) + " failed: " + error.message;
  return error;
}

Result<Secret> read_body(HttpExchange& answer, std::string_view what) {
  std::string body;
  body.reserve(kMaxCredentialResponseBytes);  // a growing string would leave copies of keys behind
  while (true) {
    const Result<std::string_view> bytes = answer.read_some();
    if (!bytes) return std::unexpected(with_context(bytes.error(), what));
    if (bytes->empty()) return Secret(std::move(body));
    if (bytes->size() > kMaxCredentialResponseBytes - body.size()) {
      return std::unexpected(unusable_response(what, "is longer than 64 KiB"));
    }
    body.append(*bytes);
  }
}

Result<CredentialResponse> exchange(const Transport& transport, const HttpRequest& request,
                                    std::string_view what, std::stop_token stop) {
  const Result<void> checked = check_headers(request.headers);
  if (!checked) return std::unexpected(with_context(checked.error(), what));
  auto sent = transport.send(request, std::move(stop));
  if (!sent) return std::unexpected(with_context(std::move(sent).error(), what));
  HttpExchange& answer = **sent;
  const int status = answer.head().status;
  if (status >= 300 && status < 400) {
    return std::unexpected(unusable_response(what,
                                             "is a redirect, which is never followed; check "
                                             "the endpoint and any proxy on the way"));
  }
  Result<Secret> body = read_body(answer, what);
  if (!body) return std::unexpected(std::move(body).error());
  return CredentialResponse{.head = answer.head(), .body = std::move(*body)};
}

RetryKind retry_after_failure(const Error& error) {
  if (error.code == ErrorCode::timeout_error) return RetryKind::transient;
  const bool lost = error.code == ErrorCode::connection_error && error.retryable;
  return lost ? RetryKind::transient : RetryKind::never;
}

RetryKind retry_of(const CredentialCall& call, const Result<CredentialResponse>& result) {
  if (!result) return call.retry_lost ? retry_after_failure(result.error()) : RetryKind::never;
  return result->ok() ? RetryKind::never : call.retry(*result);
}

bool holds_any(std::string_view text, const std::vector<Secret>& secrets) {
  return std::ranges::any_of(secrets, [text](const Secret& secret) {
    return !secret.empty() && repeats_secret(text, secret.reveal());
  });
}

ErrorCode refusal_code(const ServiceError& service) {
  if (service.status >= 500) return ErrorCode::server_error;
  const RetryKind kind = retry_kind(service.status, service.code);
  return kind == RetryKind::throttling ? ErrorCode::rate_limit_error
                                       : ErrorCode::authentication_error;
}

}  // namespace

Result<CredentialResponse> perform(const SourceContext& context, const CredentialCall& call,
                                   std::stop_token stop) {
  for (int attempt = 1;; ++attempt) {
    Result<HttpRequest> request = call.request();
    if (!request) return std::unexpected(request.error());
    keep_plain_http_here(*request);
    Result<CredentialResponse> result = exchange(*context.transport, *request, call.what, stop);
    const RetryKind kind = retry_of(call, result);
    if (kind == RetryKind::never || attempt >= call.policy.max_attempts) {
      (result ? result->attempts : result.error().attempts) = attempt;
      return result;
    }
    const auto delay = retry_delay(call.policy, kind, attempt, context.system->random_unit(), {});
    if (!context.system->sleep_for(delay, stop)) {
      return std::unexpected(make_error(ErrorCode::cancelled, call.what + " was cancelled"));
    }
  }
}

RetryKind retry_json_response(const CredentialResponse& answer) {
  const ServiceError error = read_json_error(answer.head, answer.body.reveal(), {});
  return retry_kind(error.status, error.code);
}

Error refusal(std::string_view what, const ServiceError& service, int attempts,
              std::string_view advice, const std::vector<Secret>& secrets) {
  std::string message =
      std::string(what) + " was refused with status " + std::to_string(service.status);
  const std::string code = safe_message(service.code);
  const std::string text = safe_message(service.message);
  const std::string request_id = safe_message(service.request_id);
  const bool shown = !holds_any(code + ' ' + text + ' ' + request_id, secrets);
  if (shown && !code.empty()) message += " (" + code + ")";
  if (shown && !text.empty()) message += ": " + text;
  if (!advice.empty()) message.append("; ").append(advice);
  Error error = make_error(refusal_code(service), std::move(message));
  error.status_code = service.status;
  if (shown) error.service_code = code;
  if (shown) error.request_id = request_id;
  error.attempts = attempts;
  error.retryable = error.code != ErrorCode::authentication_error;
  return error;
}

Error unusable_response(std::string_view what, std::string_view problem) {
  return make_error(ErrorCode::authentication_error,
                    std::string(what) + " failed: the answer " + std::string(problem));
}

}  // namespace llm::aws
