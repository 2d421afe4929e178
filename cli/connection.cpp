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

/// The local Bedrock takes the place of everything that the surroundings say.
void use_local(const llm::local::Server& server, llm::bedrock::Options& options) {
  const llm::local::AcceptedCredentials key;
  options.environment_use = llm::bedrock::EnvironmentUse::ignore;
  options.profile.clear();
  options.runtime_endpoint = server.url();
  options.control_endpoint = server.url();
  options.credentials = llm::aws::static_credentials({
      .access_key_id = key.access_key_id,
      .secret_access_key = key.secret_access_key,
      .source = "the local Bedrock's own keys",
  });
}

/// Asks for the code of an MFA device where somebody can answer.
llm::Result<std::string> ask_for_code(std::string_view serial) {
  if (!stdin_is_terminal() || !stderr_is_terminal()) {
    return std::unexpected(
        llm::make_error(llm::ErrorCode::authentication_error,
                        "The profile needs the code of " + std::string(serial) +
                            "; run this on a terminal, or use `aws sts get-session-token` first."));
  }
  std::cerr << "Code of " << visible(serial) << ": " << std::flush;
  std::string code;
  std::getline(std::cin, code);
  return code;
}

void say_settings(const llm::bedrock::Options& options) {
  const auto diagnosis = llm::bedrock::describe(options);
  if (!diagnosis) return;
  note("model " + diagnosis->model);
  note("region " + diagnosis->region + " (from " + diagnosis->region_source + ")");
  note("endpoint " + diagnosis->endpoint + " (from " + diagnosis->endpoint_source + ")");
  note("identity: " + diagnosis->identity);
}

/// For what would otherwise silently be the default.
CLI::Validator not_empty() {
  return {[](const std::string& value) {
            return value.empty() ? std::string("the value is empty; is a shell variable not set?")
                                 : std::string();
          },
          ""};
}

}  // namespace

void ConnectionOptions::add_model_to(CLI::App& app) {
  app.add_option("-m,--model", model, "Model id, inference profile or ARN")->check(not_empty());
  app.add_option("--base-model", base_model,
                 "Base model behind an ARN or name that does not tell it")
      ->check(not_empty());
  app.add_flag("--debug", debug, "Say on standard error what is used and how it went");
  add_place_to(app);
}

void ConnectionOptions::add_to(CLI::App& app) {
  add_model_to(app);
  app.add_option("--api", api, "Which API carries a chat: auto, invoke or converse")
      ->check(CLI::IsMember({"auto", "invoke", "converse"}));
  app.add_option("--lint", lint, "What is done about what would be refused: off, refuse or repair")
      ->check(CLI::IsMember({"off", "refuse", "repair"}));
  app.add_option("--lint-off", lint_off, "Lint rule that does not count; may be repeated")
      ->allow_extra_args(false);
}

void ConnectionOptions::add_place_to(CLI::App& app) {
  auto* const named_profile =
      app.add_option("--profile", profile, "Profile of the shared AWS files")->check(not_empty());
  app.add_option("--region", region, "AWS region")->check(not_empty());
  auto* const url =
      app.add_option("--endpoint-url", endpoint_url, "URL of the service")->check(not_empty());
  app.add_option("--catalogue", catalogue,
                 "JSON file laid over the built-in model catalogue (BEDROCK_CATALOGUE)")
      ->check(not_empty());
  app.add_flag("--local", local, "Use a local Bedrock started for this run, and no AWS at all")
      ->excludes(named_profile)
      ->excludes(url);
}

llm::Result<Connection> Connection::open_place(const ConnectionOptions& given) {
  Connection connection;
  llm::bedrock::Options& options = connection.options_;
  options.profile = given.profile;
  options.region = given.region;
  options.runtime_endpoint = given.endpoint_url;
  options.base_model = given.base_model;
  options.catalogue = given.catalogue;
  options.mfa = ask_for_code;
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
  llm::Result<Connection> connection = open_place(given);
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
  if (given.debug) say_settings(options);
  return connection;
}

llm::Result<llm::Client> Connection::client() const {
  return llm::bedrock::create_client(options_);
}

}  // namespace cli
