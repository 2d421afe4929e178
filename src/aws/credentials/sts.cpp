#include "aws/credentials/sts.hpp"

#include <algorithm>
#include <array>
#include <memory>

#include "aws/credentials/iam_name.hpp"
#include "aws/credentials/limits.hpp"
#include "aws/credentials/sts_response.hpp"
#include "aws/endpoint.hpp"
#include "aws/protocol/sign_request.hpp"
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
     "Allow the caller sts:AssumeRole on this role, and name the caller in its trust policy."},
    {"ExpiredToken", "Renew the credentials used to assume the role: they have expired."},
    {"ExpiredTokenException",
     "Check that the token file is still being renewed: its token has expired."},
    {"InvalidIdentityToken",
     "Check that the issuer of the token is an identity provider of this account that allows its "
     "audience."},
    {"IDPRejectedClaim", "Get a new token: the identity provider does not accept this one."},
    {"IDPCommunicationError", "Try again: STS cannot reach the identity provider."},
    {"InvalidClientTokenId",
     "Check the credentials used to assume the role: AWS does not know them."},
    {"SignatureDoesNotMatch", "Check the secret access key that belongs to the access key id."},
    {"RequestExpired", "Check the clock of this machine."},
    {"RegionDisabledException",
     "Activate STS for this account in this region, or choose another region."},
    {"ValidationError", "Check the ARN, session name and duration of the role."},
    {"MissingAuthenticationToken",
     "Check the credentials used to assume the role: they are incomplete."},
}};

std::string_view advice_for(std::string_view code) {
  const auto found = std::ranges::find(kAdvice, code, &Advice::code);
  if (found != kAdvice.end()) return found->text;
  return "Check the role, and the credentials or token used to assume it.";
}

std::string form_body(const StsCall& call) {
  // Version of the STS API (AWS STS API Reference).
  std::string body = "Action=" + call.action + "&Version=2011-06-15";
  for (const auto& [name, value] : call.parameters) {
    body += '&' + name + '=' + base::percent_encode(value);
  }
  return body;
}

Result<HttpRequest> build(const SourceContext& context, const StsCall& call,
                          const std::string& url) {
  const Result<Endpoint> endpoint = parse_endpoint(url, "The endpoint of STS");
  if (!endpoint) return std::unexpected(endpoint.error());
  HttpRequest request{.method = "POST", .url = url + "/"};
  request.headers = {{"host", endpoint->host},
                     {"content-type", "application/x-www-form-urlencoded"},
                     {"accept", "application/xml"}};
  request.body = std::make_shared<const std::string>(form_body(call));
  request.limits.total = kCredentialResponseTime;
  if (!call.signer) return request;
  const Result<void> signed_request =
      sign_request(request, *call.signer, context.region, "sts", context.system->now());
  if (!signed_request) return std::unexpected(signed_request.error());
  return request;
}

}  // namespace

Result<Credentials> call_sts(const SourceContext& context, const StsCall& call,
                             std::stop_token stop) {
  const Result<std::string> url = service_url(context, Service::sts, context.region);
  if (!url) return std::unexpected(url.error());
  const std::string what = "STS " + call.action + " for role " + call.role_arn + " at " + *url;
  const Result<CredentialResponse> response =
      perform(context,
              {.what = what,
               .request = [&context, &call, &url] { return build(context, call, *url); },
               .retry = retry_sts_response},
              std::move(stop));
  if (!response) return std::unexpected(response.error());
  if (response->ok()) return read_sts_credentials(response->body.reveal(), what);
  const ServiceError service = read_sts_error(*response);
  return std::unexpected(
      refusal(what, service, response->attempts, advice_for(service.code), call.secrets));
}

Result<std::string> role_session_name(const SourceContext& context, std::string_view given,
                                      std::string_view source) {
  if (given.empty()) {
    const auto since_epoch = context.system->now().time_since_epoch();
    const auto milliseconds = std::chrono::floor<std::chrono::milliseconds>(since_epoch).count();
    return "llm-bedrock-" + std::to_string(milliseconds);
  }
  if (given.size() >= 2 && is_iam_name(given)) return std::string(given);
  return std::unexpected(make_error(ErrorCode::configuration_error,
                                    "The role session name (" + std::string(source) +
                                        ") is not 2 to 64 letters, digits or \"_+=,.@-\".",
                                    "Correct or remove it."));
}

Result<void> check_role_arn(std::string_view role_arn, std::string_view source) {
  const bool printable = std::ranges::all_of(role_arn, [](char c) { return c > 0x20 && c < 0x7f; });
  if (role_arn.starts_with("arn:") && role_arn.size() <= kMaxArnBytes && printable) return {};
  return std::unexpected(make_error(ErrorCode::configuration_error,
                                    "The role ARN (" + std::string(source) + ") is not valid.",
                                    "Use the form arn:aws:iam::<account>:role/<name>."));
}

}  // namespace llm::aws
