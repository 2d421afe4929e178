#include "connection.hpp"

#include <cstdlib>
#include <iostream>
#include <string>
#include <utility>

#include <llm/aws/credentials.hpp>
#include <llm/bedrock/doctor.hpp>
#include <llm/bedrock/models.hpp>

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
  options.names.runtime_endpoint = "--local";
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

/// An empty value would silently mean the default.
CLI::Validator not_empty() {
  return {[](const std::string& value) {
            return value.empty() ? std::string("The value is empty. Is a shell variable unset?")
                                 : std::string();
          },
          ""};
}

}  // namespace

void ConnectionOptions::add_model_options(CLI::App& app) {
  app.add_option("-m,--model", model, "Model id, inference profile or ARN (BEDROCK_MODEL)")
      ->check(not_empty());
  app.add_option("--base-model", base_model,
                 "Base model of an ARN or profile whose id does not name one")
      ->check(not_empty());
  app.add_flag("--debug", debug, "Print settings and request details to standard error");
  add_service_options(app);
}

void ConnectionOptions::add_chat_options(CLI::App& app) {
  add_model_options(app);
  app.add_option("--api", api, "API for the chat: auto, invoke or converse")
      ->check(CLI::IsMember({"auto", "invoke", "converse"}));
  app.add_option("--lint", lint, "How to handle requests Bedrock would reject: off, refuse, repair")
      ->check(CLI::IsMember({"off", "refuse", "repair"}));
  app.add_option("--lint-off", lint_off, "Lint rule to disable; may be repeated")
      ->allow_extra_args(false);
}

void ConnectionOptions::add_service_options(CLI::App& app) {
  auto* const named_profile =
      app.add_option("--profile", profile, "Profile in the shared AWS files")->check(not_empty());
  app.add_option("--region", region, "AWS region")->check(not_empty());
  auto* const url =
      app.add_option("--endpoint-url", endpoint_url, "URL of the service")->check(not_empty());
  app.add_option("--catalogue,--catalog", catalogue,
                 "JSON file that extends the built-in model catalogue (BEDROCK_CATALOGUE)")
      ->check(not_empty());
  app.add_option("--project", project, "Bedrock project, by id or ARN")->check(not_empty());
  app.add_flag("--local", local, "Start a local Bedrock for this run and use it instead of AWS")
      ->excludes(named_profile)
      ->excludes(url);
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
  options.names = {.profile = "--profile",
                   .region = "--region",
                   .runtime_endpoint = "--endpoint-url",
                   .control_endpoint = "--endpoint-url",
                   .catalogue = "--catalogue",
                   .allow_plain_http = {}};
  if (given.api == "invoke") options.api = llm::bedrock::Api::invoke;
  if (given.api == "converse") options.api = llm::bedrock::Api::converse;
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
