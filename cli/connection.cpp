#include "connection.hpp"

#include <cstdlib>
#include <iostream>
#include <string>
#include <utility>

#include <llm/aws/credentials.hpp>
#include <llm/bedrock/doctor.hpp>
#include <llm/bedrock/models.hpp>

#include "cli/options/table.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

constexpr auto kLocalCredentials = "the local Bedrock";

/// Uses the local Bedrock instead of everything in the environment and the AWS files.
void use_local(const llm::local::Server& server, llm::bedrock::Options& options) {
  const llm::local::AcceptedCredentials accepted;
  options.environment_use = llm::bedrock::EnvironmentUse::ignore;
  options.profile.clear();
  options.runtime_endpoint = server.url();
  options.control_endpoint = server.url();
  options.credentials = llm::aws::static_credentials({
      .access_key_id = accepted.access_key_id,
      .secret_access_key = accepted.secret_access_key,
      .source = kLocalCredentials,
  });
  options.names.runtime_endpoint = kLocal.name;
  options.names.credentials = kLocalCredentials;
}

/// Asks for the code of an MFA device, if there is a person to ask.
llm::Result<std::string> ask_for_mfa_code(std::string_view serial) {
  if (!stdin_is_terminal() || !stderr_is_terminal()) {
    return std::unexpected(llm::make_error(
        llm::ErrorCode::authentication_error,
        "The profile needs a code of the MFA device " + std::string(serial) + ".",
        "Run the command on a terminal, or run `aws sts get-session-token` first."));
  }
  std::cerr << "MFA code of " << visible(serial) << ": " << std::flush;
  std::string code;
  std::getline(std::cin, code);
  if (code.ends_with('\r')) code.pop_back();
  return code;
}

void note_settings(const llm::bedrock::Options& options) {
  const auto diagnosis = llm::bedrock::describe(options);
  if (!diagnosis) return;
  note("model " + diagnosis->model);
  note("region " + diagnosis->region + " (from " + diagnosis->region_source + ")");
  note("endpoint " + diagnosis->endpoint + " (from " + diagnosis->endpoint_source + ")");
  note("credentials: " + diagnosis->identity);
}

}  // namespace

ConnectionOptions connection_options(const Given& given) {
  return {.profile = given.text(kProfile),
          .region = given.text(kRegion),
          .endpoint_url = given.text(kEndpointUrl),
          .model = given.text(kModel),
          .base_model = given.text(kBaseModel),
          .catalogue = given.text(kCatalogue),
          .project = given.text(kProject),
          .api = given.text(kApi),
          .lint = given.text(kLint),
          .lint_off = given.texts(kLintOff),
          .local = given.has(kLocal),
          .debug = given.has(kDebug)};
}

llm::Result<Connection> Connection::open_service(const ConnectionOptions& given) {
  Connection connection;
  llm::bedrock::Options& options = connection.options_;
  options.profile = given.profile;
  options.region = given.region;
  options.runtime_endpoint = given.endpoint_url;
  options.base_model = given.base_model;
  options.catalogue = given.catalogue;
  options.project = given.project;
  options.mfa = ask_for_mfa_code;
  options.names = {.profile = std::string(kProfile.name),
                   .region = std::string(kRegion.name),
                   .runtime_endpoint = std::string(kEndpointUrl.name),
                   .control_endpoint = std::string(kEndpointUrl.name),
                   .mantle_endpoint = std::string(kEndpointUrl.name),
                   .catalogue = std::string(kCatalogue.name),
                   .allow_plain_http = {}};
  if (given.api == "invoke") options.api = llm::bedrock::Api::invoke;
  if (given.api == "converse") options.api = llm::bedrock::Api::converse;
  if (given.api == "mantle") options.api = llm::bedrock::Api::mantle;
  if (given.lint == "off") options.lint = llm::bedrock::Lint::off;
  if (given.lint == "repair") options.lint = llm::bedrock::Lint::repair;
  options.lint_off = given.lint_off;
  if (given.local) {
    auto server = llm::local::Server::start();
    if (!server) return std::unexpected(std::move(server.error()));
    connection.server_ = std::move(*server);
    use_local(*connection.server_, options);
  }
  return connection;
}

llm::Result<Connection> Connection::open(const ConnectionOptions& given) {
  llm::Result<Connection> connection = open_service(given);
  if (!connection) return connection;
  llm::bedrock::Options& options = connection->options_;
  options.model = given.model;
  if (const char* const variable = std::getenv("BEDROCK_MODEL");
      options.model.empty() && variable != nullptr) {
    options.model = variable;
  }
  if (options.model.empty()) {
    auto model = llm::bedrock::default_model(options);
    if (!model) return std::unexpected(std::move(model.error()));
    options.model = std::move(*model);
  }
  if (given.debug) note_settings(options);
  return connection;
}

}  // namespace cli
