#include "tests/support/credential_fixture.hpp"

#include <utility>
#include <variant>

#include "base/text.hpp"

namespace llm::test_support {

CredentialFixture::CredentialFixture()
    : system(std::make_shared<port::ScriptedSystem>()),
      transport(std::make_shared<testing::ScriptedTransport>()) {
  system->set_env("HOME", "/home/u");
  context.system = system;
  context.transport = transport;
  context.config = std::make_shared<aws::SharedConfig>();
  context.profile = "dev";
  context.region = "eu-west-1";
}

void CredentialFixture::respond(int status, std::string body, std::vector<HttpHeader> headers) {
  transport->expect({.status = status, .headers = std::move(headers), .body = {std::move(body)}});
}

void CredentialFixture::lose(ErrorCode code) {
  Error error = make_error(code, "There was no response.");
  error.retryable = true;
  transport->expect({.failure = std::move(error)});
}

HttpRequest CredentialFixture::request(std::size_t index) const {
  return transport->requests().at(index);
}

std::string header(const HttpRequest& request, std::string_view name) {
  for (const HttpHeader& candidate : request.headers) {
    if (base::equals_ignoring_case(candidate.name, name)) return candidate.value;
  }
  return "(none)";
}

std::string body(const HttpRequest& request) { return request.body ? *request.body : ""; }

aws::Credentials found(const aws::ProviderPtr& source) {
  auto result = source->lookup({});
  if (!result) return {.source = "error: " + result.error().message};
  if (auto* missing = std::get_if<aws::NotConfigured>(&*result)) {
    return {.source = "not configured: " + missing->reason};
  }
  return std::get<aws::Credentials>(*std::move(result));
}

std::string reason_not_configured(const aws::ProviderPtr& source) {
  auto result = source->lookup({});
  if (!result) return "error: " + result.error().message;
  if (auto* missing = std::get_if<aws::NotConfigured>(&*result)) return missing->reason;
  return "credentials of " + std::get<aws::Credentials>(*result).source;
}

Error failure(const aws::ProviderPtr& source) {
  auto result = source->lookup({});
  if (!result) return result.error();
  return make_error(ErrorCode::internal_error, "The lookup did not fail.");
}

std::string all_text(const Error& error) {
  return error.message + '\n' + error.advice + '\n' + error.service_code + '\n' + error.request_id +
         '\n' + error.type;
}

}  // namespace llm::test_support
