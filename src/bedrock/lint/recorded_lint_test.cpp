// Every recorded Converse request: what Bedrock accepted passes, and of what it refused the rules
// find all but the model ids that the catalogue does not know.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <string>

#include "bedrock/codec/converse/test_support.hpp"
#include "bedrock/lint/linter.hpp"
#include "json/reader.hpp"

namespace llm::bedrock {
namespace {

constexpr int kAccepted = 137;

// Refused exchanges and the rule that finds each; empty: a model id that does not exist.
const std::map<std::string, std::string>& refused() {
  static const std::map<std::string, std::string> rules = {
      {"07aa2166a1cd", ""},          {"a114670e6883", ""},
      {"de5a84a847c1", ""},          {"2345ee96042f", "media_kind"},
      {"93554206f32b", "s3_source"}, {"97ff05253b08", "tool_result_video"},
      {"fe58d3047556", "s3_source"},
  };
  return rules;
}

std::string first_rule(const std::vector<LintFinding>& findings) {
  return findings.empty() ? std::string() : findings.front().rule;
}

TEST(RecordedLint, passes_what_bedrock_accepted_and_finds_what_it_refused) {
  const char* path = std::getenv("BEDROCK_RECORDED");
  if (path == nullptr) GTEST_SKIP() << "BEDROCK_RECORDED is not set: 144 recorded requests skipped";
  std::ifstream file(path);
  ASSERT_TRUE(file) << path;
  int accepted = 0;
  std::map<std::string, std::string> found;

  for (std::string line; std::getline(file, line);) {
    json::Parser parser;
    const auto exchange = parser.parse(line);
    ASSERT_TRUE(exchange);
    const std::string operation = (*exchange)["form"].text_or_empty();
    if (operation != "converse" && operation != "converse-stream") continue;
    const std::string id = (*exchange)["id"].text_or_empty();
    const auto model = parse_model_id((*exchange)["model"].text_or_empty());
    ASSERT_TRUE(model) << id;
    const linter::Target target{
        .facts = model->facts,
        .delivery = operation == "converse" ? Delivery::buffered : Delivery::streaming};

    const ChatRequest request = testing::request_of((*exchange)["request"]);
    const auto findings = linter::check(request, arrange(request), target, {});

    if ((*exchange)["status"].integer() != 200) {
      found[id] = first_rule(findings);
      continue;
    }
    ++accepted;
    EXPECT_EQ(first_rule(findings), "") << id << " " << findings.front().position;
  }

  EXPECT_EQ(accepted, kAccepted);
  EXPECT_EQ(found, refused());
}

}  // namespace
}  // namespace llm::bedrock
