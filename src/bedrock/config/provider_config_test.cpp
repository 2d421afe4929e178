#include "bedrock/config/provider_config.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <llm/testing.hpp>

#include "tests/support/scripted_system.hpp"

namespace llm::bedrock {
namespace {

/// A machine with an empty home directory, and options that need no network.
struct Machine {
  std::shared_ptr<port::ScriptedSystem> system = std::make_shared<port::ScriptedSystem>();
  Options options{.model = "anthropic.claude-3-haiku-20240307-v1:0",
                  .transport = std::make_shared<testing::ScriptedTransport>()};

  Machine() { system->set_env("HOME", "/home/me"); }
  [[nodiscard]] Result<ProviderConfig> resolve() const { return bedrock::resolve(options, system); }
  [[nodiscard]] std::string failure() const {
    const auto config = resolve();
    return config ? std::string() : config.error().message;
  }
};

TEST(ProviderConfig, is_aws_in_us_east_1_by_default) {
  const auto config = Machine().resolve();

  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->region, "us-east-1");
  EXPECT_EQ(config->region_source, "default");
  EXPECT_EQ(config->runtime_endpoint.url(), "https://bedrock-runtime.us-east-1.amazonaws.com");
  EXPECT_EQ(config->runtime_endpoint_source, "AWS");
  EXPECT_EQ(config->control_endpoint.url(), "https://bedrock.us-east-1.amazonaws.com");
  EXPECT_EQ(config->pipeline.retry.max_attempts, 3);
}

constexpr std::string_view kCatalogue =
    R"({"default_model":"acme.m-v1","models":[{"id":"acme.m-v1","provider":"Acme","mode":"chat",)"
    R"("wire_format":"llama3"}]})";

TEST(ProviderConfig, adds_a_catalogue_file_to_the_built_in_catalogue) {
  Machine by_option;
  by_option.options.model = "acme.m-v1";
  by_option.options.catalogue = "/mine.json";
  by_option.system->set_file("/mine.json", std::string(kCatalogue));
  by_option.system->set_env("BEDROCK_CATALOGUE", "/not-there.json");
  Machine by_variable;
  by_variable.system->set_file("/mine.json", std::string(kCatalogue));
  by_variable.system->set_env("BEDROCK_CATALOGUE", "/mine.json");
  Machine ignoring;
  ignoring.options.environment_use = EnvironmentUse::ignore;
  ignoring.options.api_key = Secret("key");
  ignoring.system->set_env("BEDROCK_CATALOGUE", "/not-there.json");

  for (const Machine* machine : {&by_option, &by_variable}) {
    const auto config = machine->resolve();
    ASSERT_TRUE(config) << config.error().message;
    const auto known = known_model(*config, "us.acme.m-v1");
    ASSERT_TRUE(known && known->facts != nullptr);
    EXPECT_EQ(known->facts->provider, "Acme");
  }
  const auto config = ignoring.resolve();
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->catalogue, nullptr);
}

TEST(ProviderConfig, names_the_catalogue_file_and_the_member_that_is_wrong) {
  struct Case {
    std::string content;
    std::string message;
  };
  const std::vector<Case> cases = {
      {R"({"models":[{"id":"acme.m","provider":"A","mode":"talk","wire_format":"none"}]})",
       "\"/mine.json\" (catalogue): Model \"acme.m\" has a member \"mode\" that is not"},
      {"{", "\"/mine.json\" (catalogue): The file cannot be parsed"},
  };
  for (const Case& row : cases) {
    Machine machine;
    machine.options.catalogue = "/mine.json";
    machine.system->set_file("/mine.json", row.content);

    EXPECT_NE(machine.failure().find(row.message), std::string::npos) << machine.failure();
  }
  Machine missing;
  missing.system->set_env("BEDROCK_CATALOGUE", "/gone.json");
  EXPECT_NE(missing.failure().find("\"/gone.json\" (BEDROCK_CATALOGUE) does not exist."),
            std::string::npos)
      << missing.failure();
}

TEST(ProviderConfig, refuses_a_base_model_that_contradicts_the_model) {
  Machine machine;
  machine.options.base_model = "amazon.nova-lite-v1:0";

  EXPECT_NE(machine.failure().find("base_model"), std::string::npos);
}

struct EndpointCase {
  std::string name;
  std::function<void(Machine&)> arrange;
  std::string url;
};

class MantleEndpoint : public ::testing::TestWithParam<EndpointCase> {};

TEST_P(MantleEndpoint, has_the_precedence_of_aws_and_follows_a_local_bedrock) {
  Machine machine;
  GetParam().arrange(machine);

  const auto config = machine.resolve();

  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->mantle_endpoint.url(), GetParam().url);
}

INSTANTIATE_TEST_SUITE_P(
    ProviderConfig, MantleEndpoint,
    ::testing::ValuesIn(std::vector<EndpointCase>{
        {"aws", [](Machine&) {}, "https://bedrock-mantle.us-east-1.api.aws"},
        {"option",
         [](Machine& machine) {
           machine.options.mantle_endpoint = "https://mantle.example";
           machine.system->set_env("AWS_ENDPOINT_URL_BEDROCK_MANTLE", "https://other.example");
         },
         "https://mantle.example"},
        {"runtime_option_with_api_mantle",
         [](Machine& machine) {
           machine.options.api = Api::mantle;
           machine.options.runtime_endpoint = "https://code.example/base";
           machine.system->set_env("AWS_ENDPOINT_URL_BEDROCK_MANTLE", "https://other.example");
         },
         "https://code.example/base"},
        {"runtime_option_otherwise",
         [](Machine& machine) { machine.options.runtime_endpoint = "https://code.example"; },
         "https://bedrock-mantle.us-east-1.api.aws"},
        {"own_variable",
         [](Machine& machine) {
           machine.system->set_env("AWS_ENDPOINT_URL_BEDROCK_MANTLE", "https://own.example");
           machine.system->set_env("AWS_ENDPOINT_URL", "https://all.example");
         },
         "https://own.example"},
        {"general_variable",
         [](Machine& machine) {
           machine.system->set_env("AWS_ENDPOINT_URL", "https://all.example");
           machine.system->set_env("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "https://run.example");
         },
         "https://all.example"},
        {"local_bedrock",
         [](Machine& machine) { machine.options.runtime_endpoint = "http://127.0.0.1:8080"; },
         "http://127.0.0.1:8080"},
    }),
    [](const auto& row) { return row.param.name; });

class ConfiguredEndpoint : public ::testing::TestWithParam<EndpointCase> {};

TEST_P(ConfiguredEndpoint, has_the_precedence_of_aws) {
  Machine machine;
  GetParam().arrange(machine);

  const auto config = machine.resolve();

  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->runtime_endpoint.url(), GetParam().url);
}

INSTANTIATE_TEST_SUITE_P(
    ProviderConfig, ConfiguredEndpoint,
    ::testing::ValuesIn(std::vector<EndpointCase>{
        {"code_before_the_environment",
         [](Machine& machine) {
           machine.options.runtime_endpoint = "https://code.example";
           machine.system->set_env("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "https://variable.example");
         },
         "https://code.example"},
        {"service_variable_before_the_general_one",
         [](Machine& machine) {
           machine.system->set_env("AWS_ENDPOINT_URL", "https://general.example");
           machine.system->set_env("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "https://variable.example");
         },
         "https://variable.example"},
        {"profile_last",
         [](Machine& machine) {
           machine.system->set_file("/home/me/.aws/config",
                                    "[default]\nendpoint_url = https://profile.example/base\n");
         },
         "https://profile.example/base"},
        {"ignored_by_a_switch",
         [](Machine& machine) {
           machine.system->set_env("AWS_ENDPOINT_URL", "https://general.example");
           machine.system->set_env("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true");
         },
         "https://bedrock-runtime.us-east-1.amazonaws.com"},
        {"fips_and_dual_stack",
         [](Machine& machine) {
           machine.system->set_env("AWS_USE_FIPS_ENDPOINT", "true");
           machine.system->set_env("AWS_USE_DUALSTACK_ENDPOINT", "true");
         },
         "https://bedrock-runtime-fips.us-east-1.api.aws"},
        {"another_partition", [](Machine& machine) { machine.options.region = "cn-north-1"; },
         "https://bedrock-runtime.cn-north-1.amazonaws.com.cn"},
    }),
    [](const auto& test) { return test.param.name; });

struct InvalidSetting {
  std::string test_name;
  std::string named;  ///< What the message must name.
  std::function<void(Machine&)> arrange;
};

class InvalidConfig : public ::testing::TestWithParam<InvalidSetting> {};

TEST_P(InvalidConfig, is_refused_by_name) {
  Machine machine;
  GetParam().arrange(machine);

  const auto config = machine.resolve();

  ASSERT_FALSE(config);
  EXPECT_EQ(config.error().code, ErrorCode::configuration_error);
  EXPECT_NE(config.error().message.find(GetParam().named), std::string::npos)
      << config.error().message;
}

INSTANTIATE_TEST_SUITE_P(
    ProviderConfig, InvalidConfig,
    ::testing::ValuesIn(std::vector<InvalidSetting>{
        {"no_model", "model", [](Machine& machine) { machine.options.model.clear(); }},
        {"model_of_dots", "model", [](Machine& machine) { machine.options.model = ".."; }},
        {"region_in_code", "region",
         [](Machine& machine) { machine.options.region = "x@attacker.example:443/#"; }},
        {"region_in_the_environment", "AWS_REGION",
         [](Machine& machine) { machine.system->set_env("AWS_REGION", "us east 1"); }},
        {"scheme", "bedrock_runtime_endpoint",
         [](Machine& machine) { machine.options.runtime_endpoint = "ftp://x.example"; }},
        {"password_in_a_url", "bedrock_runtime_endpoint",
         [](Machine& machine) {
           machine.options.runtime_endpoint = "https://user:pass@x.example";
         }},
        {"plain_http", "Plain HTTP",
         [](Machine& machine) { machine.options.runtime_endpoint = "http://bedrock.example"; }},
        {"control_endpoint", "bedrock_endpoint",
         [](Machine& machine) { machine.options.control_endpoint = "nonsense"; }},
        {"max_retries", "max_retries", [](Machine& machine) { machine.options.max_retries = -1; }},
        {"max_attempts", "AWS_MAX_ATTEMPTS",
         [](Machine& machine) { machine.system->set_env("AWS_MAX_ATTEMPTS", "0"); }},
        {"profile_in_code", "\"nobody\"",
         [](Machine& machine) { machine.options.profile = "nobody"; }},
        {"profile_in_the_environment", "AWS_PROFILE",
         [](Machine& machine) { machine.system->set_env("AWS_PROFILE", "nobody"); }},
        {"config_file", "line 2",
         [](Machine& machine) {
           machine.system->set_file("/home/me/.aws/config", "[default]\nnonsense\n");
         }},
    }),
    [](const auto& test) { return test.param.test_name; });

TEST(ProviderConfig, allows_plain_http_to_loopback_only) {
  Machine machine;
  machine.options.runtime_endpoint = "http://127.0.0.1:8080";
  EXPECT_TRUE(machine.resolve());

  machine.options.runtime_endpoint = "http://bedrock.example";
  machine.options.allow_plain_http = true;
  EXPECT_TRUE(machine.resolve());
}

TEST(ProviderConfig, names_settings_as_its_user_knows_them) {
  const SettingNames names{.profile = "--profile",
                           .region = "--region",
                           .runtime_endpoint = "--endpoint-url",
                           .allow_plain_http = {}};
  Machine profile;
  profile.options.names = names;
  profile.options.profile = "nobody";
  Machine region;
  region.options.names = names;
  region.options.region = "us east 1";
  Machine endpoint;
  endpoint.options.names = names;
  endpoint.options.runtime_endpoint = "http://bedrock.example";

  EXPECT_NE(profile.failure().find("(from --profile)"), std::string::npos) << profile.failure();
  EXPECT_NE(region.failure().find("--region"), std::string::npos) << region.failure();
  EXPECT_TRUE(endpoint.failure().starts_with("--endpoint-url: ")) << endpoint.failure();
  EXPECT_EQ(endpoint.resolve().error().advice, "Use https.");
}

TEST(ProviderConfig, reports_settings_by_their_names) {
  Machine machine;
  machine.options.names = {.region = "--region", .credentials = "the local Bedrock"};
  machine.options.region = "eu-west-1";
  machine.options.credentials =
      aws::static_credentials({.access_key_id = "A", .secret_access_key = Secret("s")});

  const auto config = machine.resolve();

  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->region_source, "--region");
  EXPECT_EQ(config->identity_source, "the local Bedrock");
}

TEST(ProviderConfig, chooses_the_auth_source_in_order) {
  Machine machine;
  machine.system->set_env("AWS_BEARER_TOKEN_BEDROCK", "from-the-variable");
  EXPECT_EQ(machine.resolve()->identity_source, "API key in AWS_BEARER_TOKEN_BEDROCK");

  machine.options.credentials =
      aws::static_credentials({.access_key_id = "A", .secret_access_key = Secret("s")});
  EXPECT_EQ(machine.resolve()->identity_source, "credentials given in code");

  machine.options.api_key = Secret("in-code");
  EXPECT_EQ(machine.resolve()->identity_source, "API key given in code");
}

TEST(ProviderConfig, ignores_a_blank_api_key) {
  Machine machine;
  machine.system->set_env("AWS_BEARER_TOKEN_BEDROCK", "  ");

  EXPECT_EQ(machine.resolve()->identity_source, "AWS credential chain");
}

TEST(ProviderConfig, does_not_read_an_environment_that_is_ignored) {
  Machine machine;
  machine.options.environment_use = EnvironmentUse::ignore;
  machine.options.credentials =
      aws::static_credentials({.access_key_id = "A", .secret_access_key = Secret("s")});
  machine.system->set_env("AWS_REGION", "eu-west-1");
  machine.system->set_env("AWS_BEARER_TOKEN_BEDROCK", "x");
  machine.system->set_env("AWS_PROFILE", "nobody");
  machine.system->set_file("/home/me/.aws/config", "broken");

  const auto config = machine.resolve();

  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->region, "us-east-1");
}

TEST(ProviderConfig, follows_the_region_of_an_arn_unless_the_endpoint_is_custom) {
  const auto config = Machine().resolve();
  ASSERT_TRUE(config);
  UnsignedRequest request;

  ASSERT_TRUE(move_to(*config, "eu-west-1", request));
  EXPECT_EQ(request.endpoint.url(), "https://bedrock-runtime.eu-west-1.amazonaws.com");
  EXPECT_EQ(request.region, "eu-west-1");

  Machine custom;
  custom.options.runtime_endpoint = "https://vpce.example";
  ASSERT_TRUE(move_to(*custom.resolve(), "eu-west-1", request));
  EXPECT_EQ(request.endpoint.url(), "https://vpce.example");
}

TEST(ProviderConfig, takes_the_retry_mode_from_the_environment_unless_set_in_code) {
  Machine machine;
  EXPECT_EQ(machine.resolve()->pipeline.retry_mode, aws::RetryMode::standard);
  machine.system->set_env("AWS_RETRY_MODE", "adaptive");
  EXPECT_EQ(machine.resolve()->pipeline.retry_mode, aws::RetryMode::adaptive);

  machine.options.retry_mode = RetryMode::standard;
  EXPECT_EQ(machine.resolve()->pipeline.retry_mode, aws::RetryMode::standard);
}

TEST(ProviderConfig, takes_max_attempts_from_the_environment_unless_set_in_code) {
  Machine machine;
  machine.system->set_env("AWS_MAX_ATTEMPTS", "7");
  EXPECT_EQ(machine.resolve()->pipeline.retry.max_attempts, 7);

  machine.options.max_retries = 0;
  EXPECT_EQ(machine.resolve()->pipeline.retry.max_attempts, 1);
}

}  // namespace
}  // namespace llm::bedrock
