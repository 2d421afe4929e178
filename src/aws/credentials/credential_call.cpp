#include "aws/credentials/credential_call.hpp"

#include <algorithm>
#include <utility>

#include "aws/plain_http.hpp"
#include "aws/protocol/sign_request.hpp"
#include "aws/retry_loop.hpp"
#include "base/errors.hpp"
#include "base/read_body.hpp"

namespace llm::aws {
namespace {

std::unexpected<Error> failure(Error error, std::string_view what) {
  base::add_context(what, error);
  return std::unexpected(std::move(error));
}

Result<Secret> read_secret(HttpExchange& response, std::string_view what) {
  std::string body;
  body.reserve(kMaxCredentialResponseBytes);
  const auto read = base::read_body(response, kMaxCredentialResponseBytes, body);
  Secret secret(std::move(body));  // Wiped on every way out.
  if (!read) return failure(read.error(), what);
  if (*read == base::BodyRead::whole) return secret;
  return std::unexpected(unusable_response(what, "is longer than 64 KiB"));
}

Result<CredentialResponse> send_once(const Transport& transport, const HttpRequest& request,
                                     std::string_view what, std::stop_token stop) {
  const Result<void> checked = check_headers(request.headers);
  if (!checked) return failure(checked.error(), what);
  auto sent = transport.send(request, std::move(stop));
  if (!sent) return failure(std::move(sent.error()), what);
  HttpExchange& response = **sent;
  const int status = response.head().status;
  if (status >= 300 && status < 400) {
    return std::unexpected(
        unusable_response(what, "is a redirect, which is never followed",
                          "Check the endpoint and any proxy between here and it."));
  }
  Result<Secret> body = read_secret(response, what);
  if (!body) return std::unexpected(std::move(body.error()));
  return CredentialResponse{.head = response.head(), .body = std::move(*body)};
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
  RetryLoop retries(*context.system, call.policy);
  while (true) {
    Result<HttpRequest> request = call.request();
    if (!request) return std::unexpected(std::move(request.error()));
    if (request->peer == PeerRule::any) request->peer = peer_rule(request->url);
    Result<CredentialResponse> result = send_once(*context.transport, *request, call.what, stop);
    const int attempt = retries.attempt();
    const auto next = retries.next({.kind = retry_of(call, result)}, {}, stop);
    if (next == RetryLoop::Next::attempt) continue;
    if (next == RetryLoop::Next::cancelled) return std::unexpected(base::cancelled(call.what));
    (result ? result->attempts : result.error().attempts) = attempt;
    return result;
  }
}

RetryKind retry_json_response(const CredentialResponse& response) {
  const ServiceError error = read_json_error(response.head, response.body.reveal(), {});
  return retry_kind(error.status, error.code);
}

Error refusal(std::string_view what, const ServiceError& service, int attempts,
              std::string_view advice, const std::vector<Secret>& secrets) {
  std::string message = std::string(what) + " returned status " + std::to_string(service.status);
  const std::string code = safe_message(service.code);
  const std::string text = safe_message(service.message);
  const std::string request_id = safe_message(service.request_id);
  const bool is_safe = !holds_any(code + ' ' + text + ' ' + request_id, secrets);
  if (is_safe && !code.empty()) message += " (" + code + ")";
  if (is_safe && !text.empty()) message += ": " + text;
  if (!message.ends_with('.')) message += '.';
  Error error = make_error(refusal_code(service), std::move(message), std::string(advice));
  error.status_code = service.status;
  if (is_safe) error.service_code = code;
  if (is_safe) error.request_id = request_id;
  error.attempts = attempts;
  error.retryable = error.code != ErrorCode::authentication_error;
  return error;
}

Error unusable_response(std::string_view what, std::string_view problem, std::string_view advice) {
  return make_error(ErrorCode::authentication_error,
                    std::string(what) + ": The response " + std::string(problem) + '.',
                    std::string(advice));
}

Result<base::TimePoint> read_expiration(std::string_view text, std::string_view what) {
  if (text.empty()) return std::unexpected(unusable_response(what, "has no Expiration"));
  const auto time = base::read_time(text);
  if (time) return *time;
  return std::unexpected(
      unusable_response(what, "has an Expiration that " + std::string(to_string(time.error()))));
}

}  // namespace llm::aws
