#include <llm/factory.hpp>

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "factory/bedrock_options.hpp"
#include "factory/environment.hpp"
#include "tests/support/scripted_system.hpp"

namespace llm {
namespace {

ClientConfig config_with(std::map<std::string, std::string> extra) {
  return {.provider = "bedrock", .model = "m.x-v1", .extra = std::move(extra)};
}

TEST(BedrockOptions, takes_every_option_of_the_specification) {
  const auto options =
      factory::bedrock_options({.provider = "bedrock",
                                .model = "m.x-v1",
                                .base_url = "https://runtime.example",
                                .timeout = std::chrono::milliseconds(9000),
                                .max_retries = 5,
                                .extra = {{"region", "eu-west-1"},
                                          {"bedrock_endpoint", "https://control.example"},
                                          {"bedrock_runtime_endpoint", "https://runtime.example"},
                                          {"base_url", "https://runtime.example"}}});

  ASSERT_TRUE(options) << options.error().message;
  EXPECT_EQ(options->model, "m.x-v1");
  EXPECT_EQ(options->region, "eu-west-1");
  EXPECT_EQ(options->runtime_endpoint, "https://runtime.example");
  EXPECT_EQ(options->control_endpoint, "https://control.example");
  EXPECT_EQ(options->timeouts.total, std::chrono::milliseconds(9000));
  EXPECT_EQ(options->max_retries, 5);
}

TEST(BedrockOptions, reads_credentials_switches_and_limits) {
  const auto options = factory::bedrock_options(config_with({{"access_key_id", "A"},
                                                             {"secret_access_key", "S"},
                                                             {"api", "converse"},
                                                             {"retry_timeouts", "true"},
                                                             {"retry_mode", "adaptive"},
                                                             {"lint", "repair"},
                                                             {"lint_off", "blank_text, tool_name"},
                                                             {"idle_timeout_ms", "0"},
                                                             {"connect_timeout_ms", "500"}}));

  ASSERT_TRUE(options) << options.error().message;
  EXPECT_NE(options->credentials, nullptr);
  EXPECT_EQ(options->api, bedrock::Api::converse);
  EXPECT_TRUE(options->retry_timeouts);
  EXPECT_EQ(options->retry_mode, bedrock::RetryMode::adaptive);
  EXPECT_EQ(options->lint, bedrock::Lint::repair);
  EXPECT_EQ(options->lint_off, (std::vector<std::string>{"blank_text", "tool_name"}));
  EXPECT_FALSE(options->timeouts.idle);
  EXPECT_EQ(options->timeouts.connect, std::chrono::milliseconds(500));
}

TEST(BedrockOptions, reads_each_api) {
  for (const auto& [name, api] :
       {std::pair("auto", bedrock::Api::automatic), std::pair("invoke", bedrock::Api::invoke),
        std::pair("converse", bedrock::Api::converse), std::pair("mantle", bedrock::Api::mantle)}) {
    const auto options = factory::bedrock_options(
        config_with({{"api", name}, {"bedrock_mantle_endpoint", "https://mantle.example"}}));

    ASSERT_TRUE(options) << options.error().message;
    EXPECT_EQ(options->api, api);
    EXPECT_EQ(options->mantle_endpoint, "https://mantle.example");
  }
}

TEST(BedrockOptions, names_the_member_that_is_wrong) {
  struct Case {
    ClientConfig config;
    std::string names;
  };
  ClientConfig two = config_with({{"bedrock_runtime_endpoint", "https://a.example"}});
  two.base_url = "https://b.example";
  ClientConfig never = config_with({});
  never.timeout = std::chrono::milliseconds(0);
  const std::vector<Case> cases = {
      {config_with({{"regoin", "us-east-1"}}), "regoin"},
      {config_with({{"api", "grpc"}}), "api"},
      {config_with({{"retry_timeouts", "yes"}}), "retry_timeouts"},
      {config_with({{"retry_mode", "legacy"}}), "retry_mode"},
      {config_with({{"lint", "strict"}}), "lint"},
      {config_with({{"idle_timeout_ms", "soon"}}), "idle_timeout_ms"},
      {config_with({{"access_key_id", "A"}}), "secret_access_key"},
      {config_with({{"session_token", "T"}}), "session_token"},
      {two, "base_url"},
      {never, "timeout"},
  };
  for (const Case& row : cases) {
    const auto options = factory::bedrock_options(row.config);
    ASSERT_FALSE(options) << row.names;
    EXPECT_EQ(options.error().code, ErrorCode::configuration_error);
    EXPECT_NE(options.error().message.find(row.names), std::string::npos)
        << options.error().message;
  }
}

TEST(BedrockOptions, shows_no_secret_in_an_error) {
  const auto options =
      factory::bedrock_options(config_with({{"secret_access_key", "very-secret"}}));

  ASSERT_FALSE(options);
  EXPECT_EQ(options.error().message.find("very-secret"), std::string::npos);
}

TEST(CreateClient, names_an_unknown_provider_and_lists_the_known) {
  const auto client = create_client({.provider = "bedrok", .model = "x"});

  ASSERT_FALSE(client);
  EXPECT_EQ(client.error().code, ErrorCode::configuration_error);
  EXPECT_NE(client.error().message.find("\"bedrok\""), std::string::npos);
  EXPECT_EQ(client.error().advice, "Known providers: bedrock.");
  EXPECT_NE(create_client({}).error().message.find("The provider is not set."), std::string::npos);
}

TEST(RegisterProvider, makes_a_provider_available_under_its_name_once) {
  const ProviderFactory factory = [](const ClientConfig& config) -> Result<Client> {
    return std::unexpected(make_error(ErrorCode::internal_error, "made for " + config.model));
  };

  ASSERT_TRUE(register_provider("acme", factory));

  EXPECT_EQ(create_client({.provider = "acme", .model = "m"}).error().message, "made for m");
  EXPECT_FALSE(register_provider("acme", factory));
  EXPECT_FALSE(register_provider("bedrock", factory));
  EXPECT_FALSE(register_provider("", factory));
  EXPECT_FALSE(register_provider("empty", {}));
}

TEST(ConfigFromEnvironment, reads_the_model_and_the_region) {
  port::ScriptedSystem system;
  system.set_env("BEDROCK_MODEL", "m.x-v1");
  system.set_env("AWS_REGION", "eu-west-1");
  system.set_env("AWS_DEFAULT_REGION", "us-west-2");

  const auto config = factory::config_from_environment(system);

  ASSERT_TRUE(config);
  EXPECT_EQ(config->provider, "bedrock");
  EXPECT_EQ(config->model, "m.x-v1");
  EXPECT_EQ(config->extra.at("region"), "eu-west-1");
}

TEST(ConfigFromEnvironment, treats_a_blank_region_as_unset) {
  port::ScriptedSystem system;
  system.set_env("BEDROCK_MODEL", "m.x-v1");
  system.set_env("AWS_REGION", " ");
  system.set_env("AWS_DEFAULT_REGION", "us-west-2");

  EXPECT_EQ(factory::config_from_environment(system)->extra.at("region"), "us-west-2");
}

TEST(ConfigFromEnvironment, names_the_variable_that_is_missing) {
  const auto config = factory::config_from_environment(port::ScriptedSystem());

  ASSERT_FALSE(config);
  EXPECT_NE(config.error().message.find("BEDROCK_MODEL"), std::string::npos);
}

TEST(ConfigFromEnvironment, leaves_endpoints_to_the_client_which_knows_when_to_ignore_them) {
  port::ScriptedSystem system;
  system.set_env("BEDROCK_MODEL", "m.x-v1");
  system.set_env("AWS_ENDPOINT_URL", "https://general.example");
  system.set_env("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "https://runtime.example");

  EXPECT_TRUE(factory::config_from_environment(system)->extra.empty());
}

}  // namespace
}  // namespace llm
