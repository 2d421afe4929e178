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

/// A machine with a home and nothing in it, and options that need no network.
struct World {
  std::shared_ptr<port::ScriptedSystem> system = std::make_shared<port::ScriptedSystem>();
  Options options{.model = "anthropic.claude-3-haiku-20240307-v1:0",
                  .transport = std::make_shared<testing::ScriptedTransport>()};

  World() { system->set_env("HOME", "/home/me"); }
  [[nodiscard]] Result<ProviderConfig> resolve() const { return bedrock::resolve(options, system); }
  [[nodiscard]] std::string failure() const {
    const auto config = resolve();
    return config ? std::string() : config.error().message;
  }
};

TEST(ProviderConfig, asks_aws_in_us_east_1_when_nothing_is_said) {
  const auto config = World().resolve();

  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->region, "us-east-1");
  EXPECT_EQ(config->region_origin, "default");
  EXPECT_EQ(config->runtime_endpoint.url(), "https://bedrock-runtime.us-east-1.amazonaws.com");
  EXPECT_EQ(config->runtime_endpoint_origin, "AWS");
  EXPECT_EQ(config->control_endpoint.url(), "https://bedrock.us-east-1.amazonaws.com");
  EXPECT_EQ(config->pipeline.retry.max_attempts, 3);
}

constexpr std::string_view kCatalogue =
    R"({"default_model":"acme.m-v1","models":[{"id":"acme.m-v1","provider":"Acme","mode":"chat",)"
    R"("wire_format":"llama3"}]})";

TEST(ProviderConfig, lays_a_catalogue_file_over_the_compiled_in_one) {
  World by_option;
  by_option.options.model = "acme.m-v1";
  by_option.options.catalogue = "/mine.json";
  by_option.system->set_file("/mine.json", std::string(kCatalogue));
  by_option.system->set_env("BEDROCK_CATALOGUE", "/not-there.json");
  World by_variable;
  by_variable.system->set_file("/mine.json", std::string(kCatalogue));
  by_variable.system->set_env("BEDROCK_CATALOGUE", "/mine.json");
  World ignoring;
  ignoring.options.environment_use = EnvironmentUse::ignore;
  ignoring.options.api_key = Secret("key");
  ignoring.system->set_env("BEDROCK_CATALOGUE", "/not-there.json");

  for (const World* world : {&by_option, &by_variable}) {
    const auto config = world->resolve();
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
    std::string says;
  };
  const std::vector<Case> cases = {
      {R"({"models":[{"id":"acme.m","provider":"A","mode":"talk","wire_format":"none"}]})",
       "\"/mine.json\" (catalogue): Model \"acme.m\" has a member \"mode\" that is not"},
      {"{", "\"/mine.json\" (catalogue): The file cannot be parsed"},
  };
  for (const Case& row : cases) {
    World world;
    world.options.catalogue = "/mine.json";
    world.system->set_file("/mine.json", row.content);

    EXPECT_NE(world.failure().find(row.says), std::string::npos) << world.failure();
  }
  World missing;
  missing.system->set_env("BEDROCK_CATALOGUE", "/gone.json");
  EXPECT_NE(missing.failure().find("\"/gone.json\" (BEDROCK_CATALOGUE) does not exist."),
            std::string::npos)
      << missing.failure();
}

TEST(ProviderConfig, refuses_a_base_model_that_cannot_be_right) {
  World world;
  world.options.base_model = "amazon.nova-lite-v1:0";

  EXPECT_NE(world.failure().find("base_model"), std::string::npos);
}

struct EndpointCase {
  std::string what;
  std::function<void(World&)> arrange;
  std::string url;
};

TEST(ProviderConfig, orders_endpoints_as_aws_does) {
  const std::vector<EndpointCase> cases = {
      {"code beats the environment",
       [](World& world) {
         world.options.runtime_endpoint = "https://code.example";
         world.system->set_env("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "https://variable.example");
       },
       "https://code.example"},
      {"the service's variable beats the general one",
       [](World& world) {
         world.system->set_env("AWS_ENDPOINT_URL", "https://general.example");
         world.system->set_env("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "https://variable.example");
       },
       "https://variable.example"},
      {"the profile comes last",
       [](World& world) {
         world.system->set_file("/home/me/.aws/config",
                                "[default]\nendpoint_url = https://profile.example/base\n");
       },
       "https://profile.example/base"},
      {"ignored when so switched",
       [](World& world) {
         world.system->set_env("AWS_ENDPOINT_URL", "https://general.example");
         world.system->set_env("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true");
       },
       "https://bedrock-runtime.us-east-1.amazonaws.com"},
      {"FIPS and dual stack",
       [](World& world) {
         world.system->set_env("AWS_USE_FIPS_ENDPOINT", "true");
         world.system->set_env("AWS_USE_DUALSTACK_ENDPOINT", "true");
       },
       "https://bedrock-runtime-fips.us-east-1.api.aws"},
      {"another partition", [](World& world) { world.options.region = "cn-north-1"; },
       "https://bedrock-runtime.cn-north-1.amazonaws.com.cn"},
  };
  for (const EndpointCase& row : cases) {
    World world;
    row.arrange(world);
    const auto config = world.resolve();
    ASSERT_TRUE(config) << row.what << ": " << config.error().message;
    EXPECT_EQ(config->runtime_endpoint.url(), row.url) << row.what;
  }
}

struct BadCase {
  std::string names;  ///< What the message must name.
  std::function<void(World&)> arrange;
};

TEST(ProviderConfig, names_what_is_wrong) {
  const std::vector<BadCase> cases = {
      {"model", [](World& world) { world.options.model.clear(); }},
      {"model", [](World& world) { world.options.model = ".."; }},
      {"region", [](World& world) { world.options.region = "x@attacker.example:443/#"; }},
      {"AWS_REGION", [](World& world) { world.system->set_env("AWS_REGION", "us east 1"); }},
      {"bedrock_runtime_endpoint",
       [](World& world) { world.options.runtime_endpoint = "ftp://x.example"; }},
      {"bedrock_runtime_endpoint",
       [](World& world) { world.options.runtime_endpoint = "https://user:pass@x.example"; }},
      {"Plain HTTP",
       [](World& world) { world.options.runtime_endpoint = "http://bedrock.example"; }},
      {"bedrock_endpoint", [](World& world) { world.options.control_endpoint = "nonsense"; }},
      {"max_retries", [](World& world) { world.options.max_retries = -1; }},
      {"AWS_MAX_ATTEMPTS", [](World& world) { world.system->set_env("AWS_MAX_ATTEMPTS", "0"); }},
      {"\"nobody\"", [](World& world) { world.options.profile = "nobody"; }},
      {"AWS_PROFILE", [](World& world) { world.system->set_env("AWS_PROFILE", "nobody"); }},
      {"line 2",
       [](World& world) {
         world.system->set_file("/home/me/.aws/config", "[default]\nnonsense\n");
       }},
  };
  for (const BadCase& row : cases) {
    World world;
    row.arrange(world);
    const std::string message = world.failure();
    EXPECT_NE(message.find(row.names), std::string::npos) << row.names << " in: " << message;
  }
}

TEST(ProviderConfig, lets_plain_http_reach_loopback_alone) {
  World world;
  world.options.runtime_endpoint = "http://127.0.0.1:8080";
  EXPECT_TRUE(world.resolve());

  world.options.runtime_endpoint = "http://bedrock.example";
  world.options.allow_plain_http = true;
  EXPECT_TRUE(world.resolve());
}

TEST(ProviderConfig, calls_settings_by_the_names_that_its_user_knows) {
  const SettingNames names{.profile = "--profile",
                           .region = "--region",
                           .runtime_endpoint = "--endpoint-url",
                           .allow_plain_http = {}};
  World profile;
  profile.options.names = names;
  profile.options.profile = "nobody";
  World region;
  region.options.names = names;
  region.options.region = "us east 1";
  World endpoint;
  endpoint.options.names = names;
  endpoint.options.runtime_endpoint = "http://bedrock.example";

  EXPECT_NE(profile.failure().find("(from --profile)"), std::string::npos) << profile.failure();
  EXPECT_NE(region.failure().find("--region"), std::string::npos) << region.failure();
  EXPECT_TRUE(endpoint.failure().starts_with("--endpoint-url: ")) << endpoint.failure();
  EXPECT_EQ(endpoint.resolve().error().advice, "Use https.");
}

TEST(ProviderConfig, reports_settings_by_their_names) {
  World world;
  world.options.names = {.region = "--region", .credentials = "the local Bedrock"};
  world.options.region = "eu-west-1";
  world.options.credentials =
      aws::static_credentials({.access_key_id = "A", .secret_access_key = Secret("s")});

  const auto config = world.resolve();

  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->region_origin, "--region");
  EXPECT_EQ(config->identity_origin, "the local Bedrock");
}

TEST(ProviderConfig, chooses_the_identity_in_order) {
  World world;
  world.system->set_env("AWS_BEARER_TOKEN_BEDROCK", "from-the-variable");
  EXPECT_EQ(world.resolve()->identity_origin, "API key in AWS_BEARER_TOKEN_BEDROCK");

  world.options.credentials =
      aws::static_credentials({.access_key_id = "A", .secret_access_key = Secret("s")});
  EXPECT_EQ(world.resolve()->identity_origin, "credentials given in code");

  world.options.api_key = Secret("in-code");
  EXPECT_EQ(world.resolve()->identity_origin, "API key given in code");
}

TEST(ProviderConfig, takes_a_blank_api_key_for_none) {
  World world;
  world.system->set_env("AWS_BEARER_TOKEN_BEDROCK", "  ");

  EXPECT_EQ(world.resolve()->identity_origin, "AWS credential chain");
}

TEST(ProviderConfig, reads_nothing_around_it_when_told_so) {
  World world;
  world.options.environment_use = EnvironmentUse::ignore;
  world.options.credentials =
      aws::static_credentials({.access_key_id = "A", .secret_access_key = Secret("s")});
  world.system->set_env("AWS_REGION", "eu-west-1");
  world.system->set_env("AWS_BEARER_TOKEN_BEDROCK", "x");
  world.system->set_env("AWS_PROFILE", "nobody");
  world.system->set_file("/home/me/.aws/config", "broken");

  const auto config = world.resolve();

  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->region, "us-east-1");
}

TEST(ProviderConfig, follows_the_region_of_an_arn_where_the_endpoint_is_awss) {
  const auto config = World().resolve();
  ASSERT_TRUE(config);
  UnsignedRequest operation;

  ASSERT_TRUE(move_to(*config, "eu-west-1", operation));
  EXPECT_EQ(operation.endpoint.url(), "https://bedrock-runtime.eu-west-1.amazonaws.com");
  EXPECT_EQ(operation.region, "eu-west-1");

  World custom;
  custom.options.runtime_endpoint = "https://vpce.example";
  ASSERT_TRUE(move_to(*custom.resolve(), "eu-west-1", operation));
  EXPECT_EQ(operation.endpoint.url(), "https://vpce.example");
}

TEST(ProviderConfig, takes_the_retry_mode_from_the_environment_unless_code_says) {
  World world;
  EXPECT_EQ(world.resolve()->pipeline.retry_mode, aws::RetryMode::standard);
  world.system->set_env("AWS_RETRY_MODE", "adaptive");
  EXPECT_EQ(world.resolve()->pipeline.retry_mode, aws::RetryMode::adaptive);

  world.options.retry_mode = RetryMode::standard;
  EXPECT_EQ(world.resolve()->pipeline.retry_mode, aws::RetryMode::standard);
}

TEST(ProviderConfig, takes_max_attempts_from_the_environment_unless_code_says) {
  World world;
  world.system->set_env("AWS_MAX_ATTEMPTS", "7");
  EXPECT_EQ(world.resolve()->pipeline.retry.max_attempts, 7);

  world.options.max_retries = 0;
  EXPECT_EQ(world.resolve()->pipeline.retry.max_attempts, 1);
}

}  // namespace
}  // namespace llm::bedrock
