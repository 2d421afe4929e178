#include <utility>

#include "aws/credentials/json_fields.hpp"
#include "aws/credentials/sources.hpp"
#include "base/errors.hpp"
#include "base/time.hpp"
#include "json/reader.hpp"

namespace llm::aws {
namespace {

// Long enough for a person to type a second factor. The SDKs have no limit.
constexpr port::ProcessLimits kProcessLimits{.timeout = std::chrono::seconds(60),
                                             .max_output_bytes = 64 * 1024};

/// The command, its arguments and its output may contain secrets: messages show none of them.
class Process final : public CredentialsProvider {
 public:
  Process(SourceContext context, std::string command, const std::string& profile)
      : context_(std::move(context)),
        command_(std::move(command)),
        what_("The credential_process of profile \"" + profile + "\""),
        source_("profile \"" + profile + "\" (credential_process)") {
    if (context_.config == nullptr) return;
    account_id_ = context_.config->value(profile, "aws_account_id").value_or("");
  }

  std::string_view name() const override { return "credential_process"; }

  Result<CredentialsLookup> lookup(std::stop_token stop) const override {
    const auto output = context_.system->run_shell(command_, kProcessLimits, stop);
    if (!output) {
      Error error = output.error();
      base::add_context(what_, error);
      return std::unexpected(std::move(error));
    }
    if (output->exit_code != 0) {
      return fail("ended with exit code " + std::to_string(output->exit_code),
                  "Run its command in a shell to see the error.");
    }
    json::Parser parser;
    const auto document = parser.parse(output->standard_output.reveal());
    if (!document || !document->is_object()) return fail("did not print a JSON object");
    return read(*document);
  }

 private:
  /// Source: AWS SDKs and Tools Reference Guide, "Process credential provider".
  Result<CredentialsLookup> read(const json::Value& document) const {
    if (field(document, "Version").integer() != 1) return fail("printed no \"Version\": 1");
    Credentials credentials{.access_key_id = text_field(document, "AccessKeyId"),
                            .secret_access_key = Secret(text_field(document, "SecretAccessKey")),
                            .session_token = Secret(text_field(document, "SessionToken")),
                            .expires_at = std::nullopt,
                            .account_id = text_field(document, "AccountId"),
                            .source = source_};
    if (credentials.access_key_id.empty()) return fail("printed no \"AccessKeyId\"");
    if (credentials.secret_access_key.empty()) return fail("printed no \"SecretAccessKey\"");
    if (credentials.account_id.empty()) credentials.account_id = account_id_;

    const auto expiration = field(document, "Expiration");
    if (!expiration.exists() || expiration.is_null()) return credentials;
    const auto expires_at = base::read_time(expiration.text_or_empty());
    if (!expires_at) {
      return fail("printed an \"Expiration\" that " + std::string(to_string(expires_at.error())),
                  "The tool must print a time such as 2026-01-02T03:04:05Z.");
    }
    credentials.expires_at = *expires_at;
    if (*credentials.expires_at <= context_.system->now()) {
      return fail("printed credentials that expired at " + base::iso8601(*credentials.expires_at),
                  "Sign in again with that tool, or check this machine's clock.");
    }
    return credentials;
  }

  std::unexpected<Error> fail(std::string_view problem, std::string advice = {}) const {
    return std::unexpected(make_error(ErrorCode::authentication_error,
                                      what_ + " " + std::string(problem) + ".", std::move(advice)));
  }

  SourceContext context_;
  std::string command_;
  std::string what_;
  std::string source_;
  std::string account_id_;
};

}  // namespace

ProviderPtr process_source(SourceContext context, std::string command, std::string profile) {
  return std::make_shared<Process>(std::move(context), std::move(command), profile);
}

}  // namespace llm::aws
