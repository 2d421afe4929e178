#include "aws/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

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

TEST(Settings, are_empty_when_nothing_is_set) {
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

/// One setting as text: `value from source`, or `none`.
using Show = std::string (*)(const Settings&);

struct Row {
  std::string name;
  Variables variables;
  std::string config;
  std::string expected;  ///< The setting as text, or message and advice of the error.
};

struct SettingCase {
  Show show;
  Row row;
};

void PrintTo(const SettingCase& test, std::ostream* out) { *out << test.row.name; }

class SettingTest : public ::testing::TestWithParam<SettingCase> {};

TEST_P(SettingTest, is_read_from_environment_and_profile) {
  const auto& [show, row] = GetParam();

  const auto settings = load(row.variables, row.config);

  const std::string found =
      settings ? show(*settings) : settings.error().message + ' ' + settings.error().advice;
  EXPECT_EQ(found, row.expected);
}

auto rows(Show show, const std::vector<Row>& table) {
  std::vector<SettingCase> cases;
  for (const Row& row : table) cases.push_back({show, row});
  return ::testing::ValuesIn(cases);
}

std::string name_of(const ::testing::TestParamInfo<SettingCase>& test) {
  std::string name = test.param.row.name;
  std::ranges::replace(name, ' ', '_');
  return name;
}

std::string show_text(const std::optional<Setting<std::string>>& setting) {
  return setting ? setting->value + " from " + setting->source : "none";
}

INSTANTIATE_TEST_SUITE_P(
    RetryMode, SettingTest,
    rows(
        [](const Settings& settings) -> std::string {
          if (!settings.retry_mode) return "none";
          const bool adaptive = settings.retry_mode->value == RetryMode::adaptive;
          return (adaptive ? "adaptive from " : "standard from ") + settings.retry_mode->source;
        },
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
             "AWS_RETRY_MODE has the invalid value \"fast\". Use standard or adaptive."},
        }),
    name_of);

TEST(Settings, warn_of_a_metadata_switch_that_is_neither_true_nor_false) {
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

TEST(Settings, read_the_legacy_retry_mode_as_standard_with_a_warning) {
  const auto settings = load({{"AWS_RETRY_MODE", "legacy"}});

  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->retry_mode->value, RetryMode::standard);
  EXPECT_THAT(settings->warnings,
              ElementsAre("AWS_RETRY_MODE is legacy. The standard mode is used instead."));
}

INSTANTIATE_TEST_SUITE_P(
    Attempts, SettingTest,
    rows(
        [](const Settings& settings) -> std::string {
          const auto& attempts = settings.max_attempts;
          return attempts ? std::to_string(attempts->value) + " from " + attempts->source : "none";
        },
        {
            {"one", {{"AWS_MAX_ATTEMPTS", "1"}}, "", "1 from AWS_MAX_ATTEMPTS"},
            {"profile", {}, "[profile a]\nmax_attempts=7", "7 from max_attempts of profile \"a\""},
            {"each field by itself",
             {{"AWS_RETRY_MODE", "standard"}},
             "[profile a]\nmax_attempts=7",
             "7 from max_attempts of profile \"a\""},
            {"zero",
             {{"AWS_MAX_ATTEMPTS", "0"}},
             "",
             "AWS_MAX_ATTEMPTS has the invalid value \"0\". Use a whole number of 1 or more."},
            {"negative",
             {{"AWS_MAX_ATTEMPTS", "-1"}},
             "",
             "AWS_MAX_ATTEMPTS has the invalid value \"-1\". Use a whole number of 1 or more."},
            {"text",
             {{"AWS_MAX_ATTEMPTS", "3x"}},
             "",
             "AWS_MAX_ATTEMPTS has the invalid value \"3x\". Use a whole number of 1 or more."},
            {"too large",
             {},
             "[profile a]\nmax_attempts=99999999999",
             "max_attempts of profile \"a\" has the invalid value \"99999999999\". Use a whole "
             "number of 1 or more."},
        }),
    name_of);

const std::string kAllEndpoints =
    "[profile a]\nservices=s\nendpoint_url=http://profile\n"
    "[services s]\nbedrock_runtime=\n endpoint_url=http://runtime-section\n"
    "bedrock=\n endpoint_url=http://control-section";

INSTANTIATE_TEST_SUITE_P(
    RuntimeEndpoint, SettingTest,
    rows(
        [](const Settings& settings) -> std::string {
          return show_text(settings.runtime_endpoint);
        },
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
             "The services key of profile \"a\" names the section [services s], which is not in "
             "/home/u/.aws/config. Add the section, or remove the key."},
            {"invalid switch",
             {{"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "1"}},
             "",
             "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS has the invalid value \"1\". Set it to true or "
             "false."},
        }),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    ControlEndpoint, SettingTest,
    rows([](const Settings& settings)
             -> std::string { return show_text(settings.control_endpoint); },
         {
             {"variable",
              {{"AWS_ENDPOINT_URL_BEDROCK", "http://1"}},
              kAllEndpoints,
              "http://1 from AWS_ENDPOINT_URL_BEDROCK"},
             {"section", {}, kAllEndpoints, "http://control-section from [services s] bedrock"},
             {"not the variable of the runtime",
              {{"AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "http://1"}},
              "",
              "none"},
         }),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    HostVariant, SettingTest,
    rows(
        [](const Settings& settings) -> std::string {
          return std::string(settings.variant.fips ? "fips" : "") +
                 (settings.variant.dual_stack ? "dual stack" : "");
        },
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
            {"invalid switch",
             {{"AWS_USE_FIPS_ENDPOINT", "yes"}},
             "",
             "AWS_USE_FIPS_ENDPOINT has the invalid value \"yes\". Set it to true or false."},
            {"fips with an endpoint",
             {{"AWS_USE_FIPS_ENDPOINT", "true"}, {"AWS_ENDPOINT_URL", "http://1"}},
             "",
             "Invalid Configuration: FIPS and custom endpoint are not supported. The endpoint "
             "comes "
             "from AWS_ENDPOINT_URL. Remove that endpoint, or AWS_USE_FIPS_ENDPOINT or "
             "use_fips_endpoint."},
            {"dual stack with an endpoint",
             {{"AWS_USE_DUALSTACK_ENDPOINT", "true"}},
             "[profile a]\nendpoint_url=http://p",
             "Invalid Configuration: Dualstack and custom endpoint are not supported. The endpoint "
             "comes from endpoint_url of profile \"a\". Remove that endpoint, or "
             "AWS_USE_DUALSTACK_ENDPOINT or use_dualstack_endpoint."},
        }),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    CaBundle, SettingTest,
    rows([](const Settings& settings) -> std::string { return show_text(settings.ca_bundle); },
         {{"variable", {{"AWS_CA_BUNDLE", "/ca"}}, "", "/ca from AWS_CA_BUNDLE"},
          {"profile", {}, "[profile a]\nca_bundle=/ca", "/ca from ca_bundle of profile \"a\""},
          {"openssl", {{"SSL_CERT_FILE", "/ca"}}, "", "/ca from SSL_CERT_FILE"},
          {"aws_before_openssl",
           {{"SSL_CERT_FILE", "/no"}, {"AWS_CA_BUNDLE", "/ca"}},
           "",
           "/ca from AWS_CA_BUNDLE"}}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    AuthSchemes, SettingTest,
    rows(
        [](const Settings& settings) -> std::string {
          std::string text;
          if (!settings.auth_scheme_preference) return text;
          for (const auto& name : settings.auth_scheme_preference->value) text += name + "|";
          return text;
        },
        {
            {"list",
             {{"AWS_AUTH_SCHEME_PREFERENCE", "sigv4,httpBearerAuth"}},
             "",
             "sigv4|httpBearerAuth|"},
            {"blanks", {{"AWS_AUTH_SCHEME_PREFERENCE", " sig v4\t, x "}}, "", "sigv4|x|"},
            {"name space", {{"AWS_AUTH_SCHEME_PREFERENCE", "aws.auth#sigv4"}}, "", "sigv4|"},
            {"profile",
             {},
             "[profile a]\nauth_scheme_preference=httpBearerAuth",
             "httpBearerAuth|"},
            {"empty element",
             {{"AWS_AUTH_SCHEME_PREFERENCE", "sigv4,,x"}},
             "",
             "AWS_AUTH_SCHEME_PREFERENCE contains an empty element. Remove the extra comma."},
        }),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    ClockSkew, SettingTest,
    rows([](const Settings& settings)
             -> std::string { return settings.clock_skew_correction ? "on" : "off"; },
         {{"variable", {{"AWS_DISABLE_CLOCK_SKEW_CORRECTION", "true"}}, "", "off"},
          {"profile", {}, "[profile a]\ndisable_clock_skew_correction=true", "off"},
          {"false", {{"AWS_DISABLE_CLOCK_SKEW_CORRECTION", "false"}}, "", "on"},
          {"neither",
           {{"AWS_DISABLE_CLOCK_SKEW_CORRECTION", "2"}},
           "",
           "AWS_DISABLE_CLOCK_SKEW_CORRECTION has the invalid value \"2\". Set it to true or "
           "false."}}),
    name_of);

TEST(Settings, treat_a_blank_bearer_token_as_unset) {
  const auto settings = load({{"AWS_BEARER_TOKEN_BEDROCK", "key"}});
  const auto blank = load({{"AWS_BEARER_TOKEN_BEDROCK", " \t"}});

  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->bearer_token.reveal(), "key");
  ASSERT_TRUE(blank);
  EXPECT_TRUE(blank->bearer_token.empty());
}

}  // namespace
}  // namespace llm::aws
