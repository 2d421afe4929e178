#include <utility>

#include "aws/credentials/sources.hpp"
#include "aws/variable.hpp"
#include "base/time.hpp"

namespace llm::aws {
namespace {

class Environment final : public CredentialsProvider {
 public:
  explicit Environment(SourceContext context) : context_(std::move(context)) {}

  std::string_view name() const override { return "environment"; }

  Result<CredentialsLookup> lookup(std::stop_token) const override {
    const auto id = get("AWS_ACCESS_KEY_ID");
    const auto secret = get("AWS_SECRET_ACCESS_KEY");
    if (!id) return NotConfigured{"AWS_ACCESS_KEY_ID is not set"};
    if (!secret) {
      return fail("AWS_ACCESS_KEY_ID is set but AWS_SECRET_ACCESS_KEY is not.",
                  "Set both, or neither.");
    }
    const auto expires_at = expiry();
    if (!expires_at) return std::unexpected(expires_at.error());

    auto token = get("AWS_SESSION_TOKEN");
    if (!token) token = get("AWS_SECURITY_TOKEN");
    return Credentials{.access_key_id = *id,
                       .secret_access_key = Secret(*secret),
                       .session_token = Secret(token.value_or("")),
                       .expires_at = *expires_at,
                       .account_id = get("AWS_ACCOUNT_ID").value_or(""),
                       .source = "environment"};
  }

  std::optional<CredentialsLookup> try_lookup() const override {
    auto found = lookup({});
    if (!found) return std::nullopt;
    return std::move(*found);
  }

 private:
  std::optional<std::string> get(std::string_view name) const {
    return variable(*context_.system, name);
  }

  Result<std::optional<base::TimePoint>> expiry() const {
    const auto text = get("AWS_CREDENTIAL_EXPIRATION");
    if (!text) return std::nullopt;
    const auto time = base::read_time(*text);
    if (!time) {
      return fail("AWS_CREDENTIAL_EXPIRATION " + std::string(to_string(time.error())) + ".",
                  "Set it to a time such as 2026-01-02T03:04:05Z, or unset it.");
    }
    if (*time <= context_.system->now()) {
      return fail("The credentials in the environment expired at " + base::iso8601(*time) +
                      " (AWS_CREDENTIAL_EXPIRATION).",
                  "Set new ones.");
    }
    return *time;
  }

  static std::unexpected<Error> fail(std::string message, std::string advice) {
    return std::unexpected(
        make_error(ErrorCode::authentication_error, std::move(message), std::move(advice)));
  }

  SourceContext context_;
};

}  // namespace

ProviderPtr environment_source(SourceContext context) {
  return std::make_shared<Environment>(std::move(context));
}

}  // namespace llm::aws
