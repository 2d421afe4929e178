// Credentials of a container: ECS task roles and EKS Pod Identity.
#include <optional>
#include <string>
#include <utility>

#include "aws/credentials/container_endpoint.hpp"
#include "aws/credentials/credential_call.hpp"
#include "aws/credentials/credential_document.hpp"
#include "aws/credentials/limits.hpp"
#include "aws/credentials/sources.hpp"
#include "aws/variable.hpp"
#include "json/reader.hpp"

namespace llm::aws {
namespace {

// smithy-rs waits 2 s to connect and 5 s to read; botocore asks three times, 1 s apart at most.
constexpr HttpLimits kEndpointLimits{.connect = std::chrono::milliseconds(2000),
                                     .first_byte = std::chrono::milliseconds(5000),
                                     .idle = std::chrono::milliseconds(5000),
                                     .total = std::chrono::milliseconds(10'000)};
constexpr RetryPolicy kPolicy{.max_attempts = 3, .max_delay = std::chrono::milliseconds(1000)};

Error token_error(std::string_view what, std::string_view problem) {
  return make_error(ErrorCode::authentication_error,
                    std::string(what) + " " + std::string(problem) + ".");
}

Result<Secret> checked_token(std::string token, std::string_view what) {
  if (token.empty()) return std::unexpected(token_error(what, "is empty"));
  if (token.find_first_of("\r\n") != std::string::npos) {
    return std::unexpected(
        token_error(what, "contains a line break, which a header cannot contain"));
  }
  return Secret(std::move(token));
}

class ContainerSource final : public CredentialsProvider {
 public:
  explicit ContainerSource(SourceContext context) : context_(std::move(context)) {}

  [[nodiscard]] std::string_view name() const override { return "container"; }

  [[nodiscard]] Result<CredentialsLookup> lookup(std::stop_token stop) const override {
    const auto relative = variable(*context_.system, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
    const auto full = variable(*context_.system, "AWS_CONTAINER_CREDENTIALS_FULL_URI");
    if (!relative && !full) return not_set();
    const Result<ContainerEndpoint> endpoint =
        relative ? container_endpoint_from_path(*relative) : container_endpoint_from_url(*full);
    if (!endpoint) return std::unexpected(endpoint.error());
    return fetch(*endpoint, std::move(stop));
  }

  [[nodiscard]] std::optional<CredentialsLookup> try_lookup() const override {
    const bool set = variable(*context_.system, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") ||
                     variable(*context_.system, "AWS_CONTAINER_CREDENTIALS_FULL_URI");
    if (set) return std::nullopt;
    return not_set();
  }

 private:
  static NotConfigured not_set() {
    return {
        "neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor "
        "AWS_CONTAINER_CREDENTIALS_FULL_URI is set"};
  }

  [[nodiscard]] Result<CredentialsLookup> fetch(const ContainerEndpoint& endpoint,
                                                std::stop_token stop) const {
    const std::string what = "The request for container credentials at " + endpoint.host;
    const Result<Secret> token = read_token();
    if (!token) return std::unexpected(token.error());
    const Result<CredentialResponse> response =
        perform(context_,
                {.what = what,
                 .request = [&endpoint, &token] { return request(endpoint, *token); },
                 .retry = retry_json_response,
                 .policy = kPolicy},
                std::move(stop));
    if (!response) return std::unexpected(response.error());
    if (!response->ok()) {
      return std::unexpected(refusal(
          what, read_json_error(response->head, response->body.reveal(), {}), response->attempts,
          "Check the role of the task or pod, and its agent.", {*token}));
    }
    json::Parser parser;
    const Result<json::Value> root = parser.parse(response->body.reveal());
    if (!root) return std::unexpected(unusable_response(what, "is not JSON"));
    Result<Credentials> found = read_credential_document(*root, what);
    if (!found) return std::unexpected(found.error());
    found->source = "container at " + endpoint.host;
    return *std::move(found);
  }

  // Read at each lookup, because EKS renews the file. Empty when none is configured.
  [[nodiscard]] Result<Secret> read_token() const {
    const auto path = variable(*context_.system, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
    if (!path) {
      auto token = variable(*context_.system, "AWS_CONTAINER_AUTHORIZATION_TOKEN");
      if (!token) return Secret();
      return checked_token(*std::move(token), "AWS_CONTAINER_AUTHORIZATION_TOKEN");
    }
    const std::string what = "The file \"" + *path + "\" (AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE)";
    auto content = context_.system->read_file(*path, kMaxCredentialFileBytes);
    if (!content) return std::unexpected(content.error());
    if (!*content) return std::unexpected(token_error(what, "does not exist"));
    return checked_token(**std::move(content), what);
  }

  static Result<HttpRequest> request(const ContainerEndpoint& endpoint, const Secret& token) {
    HttpRequest request{.method = "GET", .url = endpoint.url};
    request.headers = {{"host", endpoint.host}, {"accept", "application/json"}};
    if (!token.empty()) request.headers.push_back({"authorization", std::string(token.reveal())});
    request.limits = kEndpointLimits;
    request.proxy = ProxyUse::never;
    request.peer = endpoint.peer;
    return request;
  }

  SourceContext context_;
};

}  // namespace

ProviderPtr container_source(SourceContext context) {
  return std::make_shared<ContainerSource>(std::move(context));
}

}  // namespace llm::aws
