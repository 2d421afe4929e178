#include "local/formats/claude/output.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "json/writer.hpp"
#include "local/test_support.hpp"

namespace llm::local {
namespace {

constexpr std::string_view kHaiku45 = "us.anthropic.claude-haiku-4-5-20251001-v1:0";
constexpr std::string_view kSonnet46 = "us.anthropic.claude-sonnet-4-6";
constexpr std::string_view kOpus47 = "us.anthropic.claude-opus-4-7";
constexpr std::string_view kNova = "amazon.nova-lite-v1:0";
constexpr std::string_view kSchema =
    R"({"type":"object","required":["city","people"],"additionalProperties":false,)"
    R"("properties":{"city":{"type":"string","const":"Oslo"},"people":{"type":"integer"}}})";
constexpr std::string_view kSample = R"({"city":"Oslo","people":1})";

std::string native(const std::string& more) {
  return R"({"anthropic_version":"bedrock-2023-05-31","max_tokens":2000,)"
         R"("messages":[{"role":"user","content":"Oslo?"}],)" +
         more + "}";
}

Reply converse(std::string_view model, const std::string& more) {
  return test::handle(
      test::open_service(),
      test::model_request(
          model, "converse",
          R"({"messages":[{"role":"user","content":[{"text":"Oslo?"}]}],)" + more + "}"));
}

TEST(ClaudeOutput, is_json_of_the_schema_that_was_sent) {
  const std::string format = R"({"type":"json_schema","schema":)" + std::string(kSchema) + "}";
  for (const std::string& more :
       {R"("output_config":{"format":)" + format + "}", R"("output_format":)" + format}) {
    const test::Document reply(test::invoke(kHaiku45, native(more)).body);

    EXPECT_EQ(test::element(reply["content"], 0)["text"].string(), kSample) << more;
  }
}

TEST(ClaudeOutput, of_converse_is_json_for_every_model) {
  const std::string more =
      R"("outputConfig":{"textFormat":{"type":"json_schema","structure":{"jsonSchema":{"schema":)" +
      json::quoted(kSchema) + "}}}}";
  for (const std::string_view model : {kHaiku45, kNova}) {
    const test::Document reply(converse(model, more).body);

    EXPECT_EQ(test::element(reply["output"]["message"]["content"], 0)["text"].string(), kSample);
  }
}

TEST(ClaudeOutput, is_refused_without_a_valid_schema) {
  EXPECT_EQ(test::message_of(
                converse(kNova, R"("outputConfig":{"textFormat":{"type":"json_schema","structure":)"
                                R"({"jsonSchema":{"schema":"[]"}}}})")),
            "The format of the value at outputConfig.textFormat.structure.jsonSchema.schema is "
            "invalid. Provide a json object for the field and try again.");
  EXPECT_EQ(test::message_of(
                test::invoke(kHaiku45, native(R"("output_config":{"format":{"type":"xml"}})"))),
            "output_config.format.type: Input should be 'json_schema'");
  EXPECT_EQ(test::message_of(test::invoke(
                kHaiku45, native(R"("output_config":{"format":{"type":"json_schema"}})"))),
            "output_config.format.schema: Field required");
  EXPECT_EQ(test::message_of(converse(
                kSonnet46, R"("additionalModelRequestFields":{"output_config":{"format":{}}})")),
            "The model returned the following errors: output_config.format: Extra inputs are not "
            "permitted");
}

TEST(ClaudeOutput, takes_the_effort_that_the_model_knows) {
  const std::string xhigh = native(R"("output_config":{"effort":"xhigh"})");

  EXPECT_EQ(test::message_of(test::invoke(kHaiku45, xhigh)),
            "This model does not support the effort parameter.");
  EXPECT_EQ(test::message_of(test::invoke(kSonnet46, xhigh)),
            "output_config.effort: Input should be 'low', 'medium', 'high' or 'max'");
  EXPECT_EQ(test::invoke(kOpus47, xhigh).status, 200);
  EXPECT_EQ(test::message_of(converse(kHaiku45, R"("outputConfig":{"effort":"low"})")),
            "The model returned the following errors: This model does not support the effort "
            "parameter.");
}

}  // namespace
}  // namespace llm::local
