#include "aws/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/scripted_system.hpp"

namespace llm::aws {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Variables = std::vector<std::pair<std::string, std::string>>;

/// Settings of these variables and of profile `a` in this config file.
Result<Settings> load(const Variables& variables, std::string_view config = "") {
  port::ScriptedSystem system;
  system.set_env("HOME", "/home/u");
  for (const auto& [name, value] : variables) system.set_env(name, value);
  system.set_file("/home/u/.aws/config", std::string(config));
  const auto shared = load_shared_config(system);
  if (!shared) return std::unexpected(shared.error());
  return load_settings(system, *shared, "a");
}

TEST(Settings, says_nothing_when_nobody_does) {
  const auto settings = load({});

  ASSERT_TRUE(settings);
  EXPECT_FALSE(settings->retry_mode);
  EXPECT_FALSE(settings->max_attempts);
  EXPECT_FALSE(settings->runtime_endpoint);
  EXPECT_FALSE(settings->control_endpoint);
  EXPECT_FALSE(settings->variant.fips);
  EXPECT_FALSE(settings->variant.dual_stack);
  EXPECT_FALSE(settings->ca_bundle);
  EXPECT_FALSE(settings->auth_scheme_preference);
  EXPECT_TRUE(settings->clock_skew_correction);
  EXPECT_TRUE(settings->bearer_token.empty());
  EXPECT_THAT(settings->warnings, IsEmpty());
}

struct Case {
  std::string_view rule;
  Variables variables;
  std::string_view config;
  std::string_view expected;  ///< `value from origin`, or `none`, or a part of the error.
};

/// Runs each case; `show` gives the setting as text.
template <typename Show>
void check(const std::vector<Case>& cases, Show show) {
  for (const auto& row : cases) {
    SCOPED_TRACE(row.rule);

    const auto settings = load(row.variables, row.config);

    if (settings) {
      EXPECT_EQ(show(*settings), row.expected);
    } else {
      EXPECT_EQ(settings.error().code, ErrorCode::configuration_error);
      EXPECT_THAT(settings.error().message, HasSubstr(row.expected));
    }
  }
}

std::string show_text(const std::optional<Setting<std::string>>& setting) {
  return setting ? setting->value + " from " + setting->origin : "none";
}

TEST(Settings, reads_the_retry_mode) {
  check(
      {
          {"standard", {{"AWS_RETRY_MODE", "standard"}}, "", "standard from AWS_RETRY_MODE"},
          {"any case", {{"AWS_RETRY_MODE", "Adaptive"}}, "", "adaptive from AWS_RETRY_MODE"},
          {"profile",
           {},
           "[profile a]\nretry_mode=adaptive",
           "adaptive from retry_mode of profile \"a\""},
          {"environment first",
           {{"AWS_RETRY_MODE", "standard"}},
           "[profile a]\nretry_mode=adaptive",
           "standard from AWS_RETRY_MODE"},
          {"blank is absent",
           {{"AWS_RETRY_MODE", " "}},
           "[profile a]\nretry_mode=adaptive",
           "adaptive from retry_mode of profile \"a\""},
          {"another profile", {}, "[profile b]\nretry_mode=adaptive", "none"},
          {"unknown word",
           {{"AWS_RETRY_MODE", "fast"}},
           "",
           "AWS_RETRY_MODE is \"fast\"; use standard or adaptive"},
      },
      [](const Settings& settings) -> std::string {
        if (!settings.retry_mode) return "none";
        const bool adaptive = settings.retry_mode->value == RetryMode::adaptive;
        return (adaptive ? "adaptive from " : "standard from ") + settings.retry_mode->origin;
      });
}

TEST(Settings, warn_of_a_metadata_switch_that_is_neither_on_nor_off) {
  for (const std::string word : {"yes", "1", "off"}) {
    const auto settings = load({{"AWS_EC2_METADATA_DISABLED", word}});

    ASSERT_TRUE(settings);
    EXPECT_THAT(settings->warnings,
                ElementsAre(HasSubstr("AWS_EC2_METADATA_DISABLED is neither true nor false")));
  }
  for (const std::string word : {"true", "False", " TRUE ", "", " "}) {
    const auto settings = load({{"AWS_EC2_METADATA_DISABLED", word}});

    ASSERT_TRUE(settings);
    EXPECT_THAT(settings->warnings, IsEmpty()) << word;
  }
}

TEST(Settings, reads_the_legacy_retry_mode_as_standard_with_a_warning) {
  const auto settings = load({{"AWS_RETRY_MODE", "legacy"}});

  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->retry_mode->value, RetryMode::standard);
  EXPECT_THAT(settings->warnings, ElementsAre("AWS_RETRY_MODE is legacy; standard is used"));
}

TEST(Settings, reads_the_number_of_attempts) {
  check(
      {
          {"one", {{"AWS_MAX_ATTEMPTS", "1"}}, "", "1 from AWS_MAX_ATTEMPTS"},
          {"profile", {}, "[profile a]\nmax_attempts=7", "7 from max_attempts of profile \"a\""},
          {"each field by itself",
           {{"AWS_RETRY_MODE", "standard"}},
           "[profile a]\nmax_attempts=7",
           "7 from max_attempts of profile \"a\""},
          {"zero", {{"AWS_MAX_ATTEMPTS", "0"}}, "", "AWS_MAX_ATTEMPTS is \"0\"; it must be"},
          {"negative", {{"AWS_MAX_ATTEMPTS", "-1"}}, "", "it must be a number of 1 or more"},
          {"text", {{"AWS_MAX_ATTEMPTS", "3x"}}, "", "it must be a number of 1 or more"},
          {"too large",
           {},
           "[profile a]\nmax_attempts=99999999999",
           "max_attempts of profile \"a\" is \"99999999999\""},
      },
      [](const Settings& settings) {
        const auto& attempts = settings.max_attempts;
        return attempts ? std::to_string(attempts->value) + " from " + attempts->origin : "none";
      });
}

constexpr std::string_view kAllEndpoints =
    "[profile a]\nservices=s\nendpoint_url=http://profile\n"
    "[services s]\nbedrock_runtime=\n endpoint_url=http://runtime-section\n"
    "bedrock=\n endpoint_url=http://control-section";

TEST(Settings, finds_the_runtime_endpoint_in_order) {
  check(
      {
          {"variable of the service",
           {{"AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "http://1"}, {"AWS_ENDPOINT_URL", "http://2"}},
           kAllEndpoints,
           "http://1 from AWS_ENDPOINT_URL_BEDROCK_RUNTIME"},
          {"variable of all",
           {{"AWS_ENDPOINT_URL", "http://2"}},
           kAllEndpoints,
           "http://2 from AWS_ENDPOINT_URL"},
          {"section of the service",
           {},
           kAllEndpoints,
           "http://runtime-section from [services s] bedrock_runtime"},
          {"section without the service",
           {},
           "[profile a]\nservices=s\nendpoint_url=http://p\n[services s]\nsts=\n "
           "endpoint_url=http://s",
           "http://p from endpoint_url of profile \"a\""},
          {"profile",
           {},
           "[profile a]\nendpoint_url=http://p",
           "http://p from endpoint_url of profile \"a\""},
          {"variable of another service", {{"AWS_ENDPOINT_URL_BEDROCK", "http://1"}}, "", "none"},
          {"switched off by a variable",
           {{"AWS_ENDPOINT_URL", "http://2"}, {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "TRUE"}},
           kAllEndpoints,
           "none"},
          {"switched off by the profile",
           {{"AWS_ENDPOINT_URL", "http://2"}},
           "[profile a]\nignore_configured_endpoint_urls=true",
           "none"},
          {"switched on by the variable",
           {{"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "false"}},
           "[profile a]\nendpoint_url=http://p\nignore_configured_endpoint_urls=true",
           "http://p from endpoint_url of profile \"a\""},
          {"no such section",
           {},
           "[profile a]\nservices=s",
           "services of profile \"a\" is \"s\", but there is no section [services s]"},
          {"a switch that is none",
           {{"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "1"}},
           "",
           "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS is \"1\"; it must be true or false"},
      },
      [](const Settings& settings) { return show_text(settings.runtime_endpoint); });
}

TEST(Settings, finds_the_control_endpoint_by_its_own_names) {
  check(
      {
          {"variable",
           {{"AWS_ENDPOINT_URL_BEDROCK", "http://1"}},
           kAllEndpoints,
           "http://1 from AWS_ENDPOINT_URL_BEDROCK"},
          {"section", {}, kAllEndpoints, "http://control-section from [services s] bedrock"},
          {"not the runtime's", {{"AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "http://1"}}, "", "none"},
      },
      [](const Settings& settings) { return show_text(settings.control_endpoint); });
}

TEST(Settings, reads_the_variant_of_hosts) {
  check(
      {
          {"fips", {{"AWS_USE_FIPS_ENDPOINT", "true"}}, "", "fips"},
          {"dual stack", {{"AWS_USE_DUALSTACK_ENDPOINT", "True"}}, "", "dual stack"},
          {"fips of the profile", {}, "[profile a]\nuse_fips_endpoint=true", "fips"},
          {"dual stack of the profile",
           {},
           "[profile a]\nuse_dualstack_endpoint=true",
           "dual stack"},
          {"switched off",
           {{"AWS_USE_FIPS_ENDPOINT", "false"}},
           "[profile a]\nuse_fips_endpoint=true",
           ""},
          {"a word that is none",
           {{"AWS_USE_FIPS_ENDPOINT", "yes"}},
           "",
           "AWS_USE_FIPS_ENDPOINT is \"yes\"; it must be true or false"},
          {"fips with an endpoint",
           {{"AWS_USE_FIPS_ENDPOINT", "true"}, {"AWS_ENDPOINT_URL", "http://1"}},
           "",
           "Invalid Configuration: FIPS and custom endpoint are not supported. The endpoint comes "
           "from AWS_ENDPOINT_URL;"},
          {"dual stack with an endpoint",
           {{"AWS_USE_DUALSTACK_ENDPOINT", "true"}},
           "[profile a]\nendpoint_url=http://p",
           "Invalid Configuration: Dualstack and custom endpoint are not supported. The endpoint "
           "comes from endpoint_url of profile \"a\";"},
      },
      [](const Settings& settings) {
        return std::string(settings.variant.fips ? "fips" : "") +
               (settings.variant.dual_stack ? "dual stack" : "");
      });
}

TEST(Settings, reads_the_ca_bundle) {
  check({{"variable", {{"AWS_CA_BUNDLE", "/ca"}}, "", "/ca from AWS_CA_BUNDLE"},
         {"profile", {}, "[profile a]\nca_bundle=/ca", "/ca from ca_bundle of profile \"a\""}},
        [](const Settings& settings) { return show_text(settings.ca_bundle); });
}

TEST(Settings, reads_the_preference_of_auth_schemes) {
  check(
      {
          {"list",
           {{"AWS_AUTH_SCHEME_PREFERENCE", "sigv4,httpBearerAuth"}},
           "",
           "sigv4|httpBearerAuth|"},
          {"blanks", {{"AWS_AUTH_SCHEME_PREFERENCE", " sig v4\t, x "}}, "", "sigv4|x|"},
          {"name space", {{"AWS_AUTH_SCHEME_PREFERENCE", "aws.auth#sigv4"}}, "", "sigv4|"},
          {"profile", {}, "[profile a]\nauth_scheme_preference=httpBearerAuth", "httpBearerAuth|"},
          {"empty element",
           {{"AWS_AUTH_SCHEME_PREFERENCE", "sigv4,,x"}},
           "",
           "AWS_AUTH_SCHEME_PREFERENCE has an empty element"},
      },
      [](const Settings& settings) {
        std::string text;
        if (!settings.auth_scheme_preference) return text;
        for (const auto& name : settings.auth_scheme_preference->value) text += name + "|";
        return text;
      });
}

TEST(Settings, reads_the_clock_skew_switch) {
  check({{"variable", {{"AWS_DISABLE_CLOCK_SKEW_CORRECTION", "true"}}, "", "off"},
         {"profile", {}, "[profile a]\ndisable_clock_skew_correction=true", "off"},
         {"false", {{"AWS_DISABLE_CLOCK_SKEW_CORRECTION", "false"}}, "", "on"},
         {"neither", {{"AWS_DISABLE_CLOCK_SKEW_CORRECTION", "2"}}, "", "it must be true or false"}},
        [](const Settings& settings) { return settings.clock_skew_correction ? "on" : "off"; });
}

TEST(Settings, reads_the_bearer_token_and_takes_a_blank_one_for_none) {
  const auto settings = load({{"AWS_BEARER_TOKEN_BEDROCK", "key"}});
  const auto blank = load({{"AWS_BEARER_TOKEN_BEDROCK", " \t"}});

  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->bearer_token.reveal(), "key");
  ASSERT_TRUE(blank);
  EXPECT_TRUE(blank->bearer_token.empty());
}

}  // namespace
}  // namespace llm::aws
