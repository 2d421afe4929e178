#include "aws/credentials/sts.hpp"

#include <algorithm>
#include <array>
#include <memory>

#include "aws/credentials/iam_name.hpp"
#include "aws/credentials/limits.hpp"
#include "aws/credentials/sts_response.hpp"
#include "aws/endpoint.hpp"
#include "aws/sign_request.hpp"
#include "base/percent.hpp"

namespace llm::aws {
namespace {

constexpr std::size_t kMaxArnBytes = 2048;  // AWS STS API Reference, "AssumeRole"

struct Advice {
  std::string_view code;
  std::string_view text;
};

// Source: AWS STS API Reference, errors of AssumeRole and AssumeRoleWithWebIdentity, common errors.
constexpr std::array<Advice, 12> kAdvice = {{
    {"AccessDenied",
     "allow the caller sts:AssumeRole on this role, and name the caller in its trust policy"},
    {"ExpiredToken", "the keys that ask for the role have expired; renew them"},
    {"ExpiredTokenException",
     "the token has expired; check that whoever writes its file still renews it"},
    {"InvalidIdentityToken",
     "check that the token's issuer is an identity provider of this account and its audience is "
     "allowed there"},
    {"IDPRejectedClaim", "the identity provider does not accept the token; get a new one"},
    {"IDPCommunicationError", "STS cannot reach the identity provider; try again"},
    {"InvalidClientTokenId", "the keys that ask for the role are unknown to AWS; check them"},
    {"SignatureDoesNotMatch", "check the secret key that belongs to the access key id"},
    {"RequestExpired", "check the clock of this machine"},
    {"RegionDisabledException",
     "STS is switched off for this account in this region; choose another or activate it"},
    {"ValidationError", "check the role's ARN, session name and duration"},
    {"MissingAuthenticationToken", "the keys that ask for the role are incomplete"},
}};

std::string_view advice_for(std::string_view code) {
  const auto found = std::ranges::find(kAdvice, code, &Advice::code);
  if (found != kAdvice.end()) return found->text;
  return "check the role and the keys or token that ask for it";
}

std::string form(const StsCall& call) {
  // Version of the STS API (AWS STS API Reference).
  std::string body = "Action=" + call.action + "&Version=2011-06-15";
  for (const auto& [name, value] : call.parameters) {
    body += '&' + name + '=' + base::percent_encode(value);
  }
  return body;
}

Result<HttpRequest> build(const SourceContext& context, const StsCall& call,
                          const std::string& url) {
  const Result<Endpoint> endpoint = parse_endpoint(url, "the endpoint of STS");
  if (!endpoint) return std::unexpected(endpoint.error());
  HttpRequest request{.method = "POST", .url = url + "/"};
  request.headers = {{"host", endpoint->host},
                     {"content-type", "application/x-www-form-urlencoded"},
                     {"accept", "application/xml"}};
  request.body = std::make_shared<const std::string>(form(call));
  request.limits.total = kCredentialResponseTime;
  if (!call.signer) return request;
  const Result<void> signed_request =
      sign_request(request, *call.signer, context.region, "sts", context.system->now());
  if (!signed_request) return std::unexpected(signed_request.error());
  return request;
}

}  // namespace

Result<Credentials> ask_sts(const SourceContext& context, const StsCall& call,
                            std::stop_token stop) {
  const Result<std::string> url = service_url(context, Service::sts, context.region);
  if (!url) return std::unexpected(url.error());
  const std::string what = "STS " + call.action + " for role " + call.role_arn + " at " + *url;
  const Result<CredentialResponse> answer =
      perform(context,
              {.what = what,
               .request = [&context, &call, &url] { return build(context, call, *url); },
               .retry = retry_sts_response},
              std::move(stop));
  if (!answer) return std::unexpected(answer.error());
  if (answer->ok()) return read_sts_keys(answer->body.reveal(), what);
  const ServiceError service = read_sts_error(*answer);
  return std::unexpected(
      refusal(what, service, answer->attempts, advice_for(service.code), call.secrets));
}

Result<std::string> role_session_name(const SourceContext& context, std::string_view given,
                                      std::string_view origin) {
  if (given.empty()) {
    const auto since_epoch = context.system->now().time_since_epoch();
    const auto milliseconds = std::chrono::floor<std::chrono::milliseconds>(since_epoch).count();
    return "llm-bedrock-" + std::to_string(milliseconds);
  }
  if (given.size() >= 2 && is_iam_name(given)) return std::string(given);
  return std::unexpected(
      make_error(ErrorCode::configuration_error,
                 "the role session name of " + std::string(origin) +
                     " is not 2 to 64 letters, digits or \"_+=,.@-\"; correct it or leave it out"));
}

Result<void> check_role_arn(std::string_view role_arn, std::string_view origin) {
  const bool printable = std::ranges::all_of(role_arn, [](char c) { return c > 0x20 && c < 0x7f; });
  if (role_arn.starts_with("arn:") && role_arn.size() <= kMaxArnBytes && printable) return {};
  return std::unexpected(
      make_error(ErrorCode::configuration_error,
                 "the role ARN of " + std::string(origin) +
                     " is none; it looks like arn:aws:iam::<account>:role/<name>"));
}

}  // namespace llm::aws
