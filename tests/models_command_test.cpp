// `bedrock models`, and catalogue files, as a person or a script runs them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "json/reader.hpp"
#include "tests/support/command.hpp"
#include "tests/support/raw_server.hpp"
#include "tests/support/temporary_directory.hpp"

namespace llm {
namespace {

using test_support::Finished;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kCatalogue =
    R"({"models":[{"id":"acme.writer-v1:0","provider":"Acme","mode":"chat","wire_format":"none",)"
    R"("tools":true}]})";
constexpr std::string_view kNoProfiles = R"({"inferenceProfileSummaries":[]})";

class ModelsCommandTest : public ::testing::Test {
 protected:
  Finished models(std::vector<std::string> words) {
    words.insert(words.begin(), {BEDROCK_COMMAND, "models"});
    std::map<std::string, std::string> environment = {{"HOME", home_.path().string()},
                                                      {"AWS_EC2_METADATA_DISABLED", "true"},
                                                      {"AWS_ACCESS_KEY_ID", "A"},
                                                      {"AWS_SECRET_ACCESS_KEY", "s"},
                                                      {"AWS_MAX_ATTEMPTS", "1"}};
    environment.insert(variables_.begin(), variables_.end());
    return test_support::run({.words = std::move(words), .environment = std::move(environment)});
  }

  std::string file(const std::string& name, std::string_view content) {
    const auto path = home_.path() / name;
    std::ofstream(path, std::ios::binary) << content;
    return path.string();
  }

  test_support::TemporaryDirectory home_;
  std::map<std::string, std::string> variables_;
};

/// A control plane that has one model, with a profile, and another on demand.
test_support::Script control_plane() {
  return {test_support::respond([](const std::string& request) {
            if (request.starts_with("GET /inference-profiles")) {
              return test_support::http_response(
                  R"({"inferenceProfileSummaries":[{"inferenceProfileId":"eu.acme.writer-v1:0",)"
                  R"("inferenceProfileArn":"arn:x","type":"SYSTEM_DEFINED","models":[{"modelArn":)"
                  R"("arn:aws:bedrock:eu-west-1::foundation-model/acme.writer-v1:0"}]}]})");
            }
            return test_support::http_response(
                R"({"modelSummaries":[{"modelId":"amazon.nova-lite-v1:0",)"
                R"("inferenceTypesSupported":["ON_DEMAND"]}]})");
          }),
          test_support::repeat_script()};
}

TEST_F(ModelsCommandTest, lists_the_id_to_call_from_the_current_region) {
  variables_["AWS_DEFAULT_REGION"] = "eu-west-1";

  const Finished done = models({"haiku-4-5"});

  EXPECT_EQ(done.exit_code, 0) << done.errors;
  EXPECT_THAT(done.output, HasSubstr("eu.anthropic.claude-haiku-4-5-20251001-v1:0"));
}

TEST_F(ModelsCommandTest, filters_by_provider_and_capabilities) {
  const Finished done = models({"--provider", "amazon", "--can", "tools,vision"});

  EXPECT_EQ(done.exit_code, 0) << done.errors;
  EXPECT_THAT(done.output, HasSubstr("amazon.nova-lite-v1:0"));
  EXPECT_THAT(done.output, Not(HasSubstr("nova-micro"))) << "it has no vision";
  EXPECT_THAT(done.output, Not(HasSubstr("anthropic")));
  EXPECT_THAT(models({"--can", "embedding"}).output,
              AllOf(HasSubstr("amazon.titan-embed"), Not(HasSubstr("nova-lite"))));
  EXPECT_EQ(models({"--can", "fly"}).exit_code, 2);
}

TEST_F(ModelsCommandTest, combines_the_catalogue_with_the_lists_of_the_service) {
  const test_support::RawServer server(control_plane());

  const Finished done =
      models({"--endpoint-url", server.url(""), "--region", "eu-west-1", "--json"});

  EXPECT_EQ(done.exit_code, 0) << done.errors;
  json::Parser parser;
  const auto listed = parser.parse(done.output);
  ASSERT_TRUE(listed) << done.output;
  ASSERT_EQ(listed->size(), 2U) << done.output;
  for (const json::Value model : listed->elements()) {
    EXPECT_EQ(model["served"].boolean(), true);
    EXPECT_EQ(model["callable_ids"].size(), 1U);
  }
  EXPECT_THAT(done.output, HasSubstr(R"("id":"eu.acme.writer-v1:0")"));
  EXPECT_THAT(server.requests().at(0), HasSubstr("/eu-west-1/bedrock/aws4_request"));
}

TEST_F(ModelsCommandTest, lists_the_models_of_the_local_bedrock) {
  const Finished done = models({"--local"});

  EXPECT_EQ(done.exit_code, 0) << done.errors;
  EXPECT_THAT(done.output, HasSubstr("claude-haiku-4-5"));
  EXPECT_THAT(done.output, Not(HasSubstr("pegasus-1-2"))) << "its context window is unknown";
}

TEST_F(ModelsCommandTest, fails_when_the_service_refuses_its_lists) {
  const test_support::RawServer server(
      test_support::always_respond(test_support::http_response(kNoProfiles, "403 Forbidden")));

  const Finished done = models({"--endpoint-url", server.url("")});

  EXPECT_EQ(done.exit_code, 3) << done.errors;
  EXPECT_EQ(done.output, "");
}

TEST_F(ModelsCommandTest, has_headings) {
  EXPECT_THAT(models({"haiku"}).output, AllOf(::testing::StartsWith("MODEL ID "),
                                              HasSubstr("  STATUS "), HasSubstr("CAPABILITIES\n")));
}

TEST_F(ModelsCommandTest, extends_the_catalogue_with_a_file) {
  const std::string path = file("mine.json", kCatalogue);

  EXPECT_THAT(models({"--catalogue", path, "acme"}).output, HasSubstr("acme.writer-v1:0"));
  EXPECT_THAT(models({"--catalog", path, "acme"}).output, HasSubstr("acme.writer-v1:0"));
  variables_["BEDROCK_CATALOGUE"] = path;
  EXPECT_THAT(models({"acme"}).output, HasSubstr("acme.writer-v1:0"));
}

TEST_F(ModelsCommandTest, names_the_error_in_a_catalogue_file) {
  const std::string path = file("mine.json", R"({"models":[{"id":"acme.m","mode":"talk"}]})");

  const Finished done = models({"--catalogue", path});

  EXPECT_EQ(done.exit_code, 2);
  EXPECT_THAT(done.errors, AllOf(HasSubstr(path), HasSubstr("acme.m"), HasSubstr("mode")));
}

}  // namespace
}  // namespace llm
