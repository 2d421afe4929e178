#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <variant>

#include <llm/aws/api_key.hpp>
#include <llm/aws/credentials.hpp>
#include <llm/bedrock/models.hpp>

#include "arguments.hpp"
#include "command.hpp"
#include "commands.hpp"
#include "connection.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

llm::Result<llm::aws::Credentials> find_credentials(const llm::bedrock::Options& options,
                                                    const std::string& region,
                                                    std::stop_token stop) {
  std::shared_ptr<const llm::aws::CredentialsProvider> provider = options.credentials;
  if (!provider) {
    auto chain =
        llm::aws::default_chain({.profile = options.profile, .region = region, .mfa = options.mfa});
    if (!chain) return std::unexpected(chain.error());
    provider = std::move(*chain);
  }
  auto found = provider->lookup(std::move(stop));
  if (!found) return std::unexpected(found.error());
  if (const auto* missing = std::get_if<llm::aws::NotConfigured>(&*found)) {
    return std::unexpected(llm::make_error(
        llm::ErrorCode::authentication_error,
        "No AWS credentials were found.\n" + as_sentence(missing->reason),
        "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE: an API key is made from "
        "credentials."));
  }
  return std::get<llm::aws::Credentials>(std::move(*found));
}

/// For the region alone: a key is for every model.
llm::Result<llm::bedrock::ModelListing> settings_of(const llm::bedrock::Options& options) {
  auto settings = llm::bedrock::known_models(options);
  if (settings && settings->region_source == "default") {
    return std::unexpected(
        llm::make_error(llm::ErrorCode::configuration_error, "No region is set.",
                        "Set --region or AWS_REGION: an API key works in one region only."));
  }
  return settings;
}

ExitCode make_key(const llm::bedrock::Options& options, std::chrono::seconds lifetime,
                  std::stop_token stop) {
  const auto settings = settings_of(options);
  if (!settings) return fail(settings.error(), Style::text);
  const auto credentials = find_credentials(options, settings->region, std::move(stop));
  if (!credentials) return fail(credentials.error(), Style::text);
  const auto now = std::chrono::system_clock::now();
  const auto key = llm::aws::short_term_api_key(*credentials, settings->region, lifetime, now);
  if (!key) return fail(key.error(), Style::text);
  if (credentials->expires_at && *credentials->expires_at < now + lifetime) {
    warn("The API key stops working with the credentials that it was made from, before " +
         std::to_string(lifetime.count()) + " seconds have passed.");
  }
  note("region " + settings->region + " (from " + settings->region_source + ")");
  Output output;
  if (!output.write(std::string(key->reveal()) + "\n")) return write_failure(output, Style::text);
  return ExitCode::success;
}

}  // namespace

ExitCode api_key_command(Arguments arguments) {
  const auto given = parse(kApiKey, arguments);
  if (!given) return given.error();
  return with_settings(
      Connection::open_service(connection_options(*given)), Style::text,
      [&](const llm::bedrock::Options& options, std::stop_token stop) {
        return make_key(options, given->duration(kExpires).value_or(llm::aws::kMaxApiKeyLifetime),
                        std::move(stop));
      });
}

}  // namespace cli
