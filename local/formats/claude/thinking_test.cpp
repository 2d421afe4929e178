#include "local/formats/claude/thinking.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "local/test_support.hpp"

namespace llm::local {
namespace {

// Base64 of 32 bytes, as a signature of this server.
const std::string kSignature = std::string(43, 'A') + "=";
constexpr std::string_view kHaiku45 = "us.anthropic.claude-haiku-4-5-20251001-v1:0";
constexpr std::string_view kSonnet46 = "us.anthropic.claude-sonnet-4-6";
constexpr std::string_view kOpus47 = "us.anthropic.claude-opus-4-7";
constexpr std::string_view kBudget = R"({"type":"enabled","budget_tokens":1024})";
constexpr std::string_view kPrefix = "The model returned the following errors: ";

std::string native(const std::string& more,
                   std::string_view messages = R"({"role":"user","content":"Oslo?"})") {
  return R"({"anthropic_version":"bedrock-2023-05-31","max_tokens":2000,"messages":[)" +
         std::string(messages) + "]," + more + "}";
}

std::string within_budget(const std::string& more = "") {
  return R"("thinking":)" + std::string(kBudget) + more;
}

std::string converse(std::string_view model, const std::string& more,
                     std::string_view messages = R"({"role":"user","content":[{"text":"Hi"}]})") {
  return test::handle(
             test::open_service(),
             test::model_request(model, "converse",
                                 R"({"messages":[)" + std::string(messages) + "]," + more + "}"))
      .body;
}

std::string refusal_of(const std::string& body) {
  return test::Document(body)["message"].text_or_empty();
}

TEST(ClaudeThinking, is_asked_for_in_the_way_of_the_model) {
  const std::string adaptive = native(R"("thinking":{"type":"adaptive"})");
  const std::string enabled = native(R"("thinking":{"type":"enabled","budget_tokens":1024})");

  EXPECT_EQ(test::message_of(test::invoke(kHaiku45, adaptive)),
            "adaptive thinking is not supported on this model");
  EXPECT_EQ(test::message_of(test::invoke(kOpus47, enabled)),
            "\"thinking.type.enabled\" is not supported for this model. Use "
            "\"thinking.type.adaptive\" and \"output_config.effort\" to control thinking "
            "behavior.");
  for (const auto& [model, body] : {std::pair{kHaiku45, enabled},
                                    {kSonnet46, enabled},
                                    {kSonnet46, adaptive},
                                    {kOpus47, adaptive}}) {
    const test::Document reply(test::invoke(model, body).body);

    EXPECT_EQ(test::element(reply["content"], 0)["type"].string(), "thinking") << model;
  }
}

TEST(ClaudeThinking, allows_no_other_temperature_and_no_forced_tool) {
  constexpr std::string_view kTools =
      R"(,"tools":[{"name":"t","input_schema":{"type":"object"}}],"tool_choice":{"type":"any"})";
  const std::string temperature =
      "`temperature` may only be set to 1 when thinking is enabled. Please consult our "
      "documentation at https://docs.claude.com/en/docs/build-with-claude/"
      "extended-thinking#important-considerations-when-using-extended-thinking";

  EXPECT_EQ(
      test::message_of(test::invoke(kHaiku45, native(within_budget(R"(,"temperature":0.5)")))),
      temperature);
  EXPECT_EQ(test::invoke(kHaiku45, native(within_budget(R"(,"temperature":1)"))).status, 200);
  EXPECT_EQ(test::message_of(test::invoke(kHaiku45, native(within_budget(std::string(kTools))))),
            "Thinking may not be enabled when tool_choice forces tool use.");
  EXPECT_EQ(refusal_of(converse(kHaiku45, R"("inferenceConfig":{"temperature":0,"maxTokens":2000},)"
                                          R"("additionalModelRequestFields":{)" +
                                              within_budget() + "}")),
            std::string(kPrefix) + temperature);
}

TEST(ClaudeThinking, comes_back_before_the_calls_it_led_to) {
  const std::string message =
      "messages.1.content.0.type: Expected `thinking` or `redacted_thinking`, but found "
      "`tool_use`. When `thinking` is enabled, a final `assistant` message must start with a "
      "thinking block (preceeding the lastmost set of `tool_use` and `tool_result` blocks). To "
      "avoid this requirement, disable `thinking`.";
  const auto natives = [](const std::string& first) {
    return R"({"role":"user","content":"a"},{"role":"assistant","content":[)" + first +
           R"({"type":"tool_use","id":"1","name":"t","input":{}}]},)"
           R"({"role":"user","content":[{"type":"tool_result","tool_use_id":"1","content":"x"}]})";
  };
  const std::string tools =
      within_budget(R"(,"tools":[{"name":"t","input_schema":{"type":"object"}}])");
  const std::string more =
      R"("inferenceConfig":{"maxTokens":2000},"toolConfig":{"tools":[{"toolSpec":{"name":"t",)"
      R"("inputSchema":{"json":{"type":"object"}}}}]},"additionalModelRequestFields":{)" +
      within_budget() + "}";

  EXPECT_EQ(test::message_of(test::invoke(kHaiku45, native(tools, natives("")))), message);
  EXPECT_EQ(test::invoke(kHaiku45, native(tools, natives(R"({"type":"thinking","thinking":"x",)"
                                                         R"("signature":")" +
                                                         kSignature + R"("},)")))
                .status,
            200);
  EXPECT_EQ(
      refusal_of(converse(
          kHaiku45, more,
          R"({"role":"user","content":[{"text":"a"}]},{"role":"assistant","content":[)"
          R"({"toolUse":{"toolUseId":"1","name":"t","input":{}}}]},{"role":"user","content":[)"
          R"({"toolResult":{"toolUseId":"1","content":[{"text":"x"}]}}]})")),
      std::string(kPrefix) + message);
}

TEST(ClaudeThinking, of_other_companies_is_not_signed) {
  for (const std::string_view more :
       {R"("outputConfig":{"effort":"high"})",
        R"("additionalModelRequestFields":{"reasoning_effort":"high"})"}) {
    const test::Document reply(converse("openai.gpt-oss-120b-1:0", std::string(more)));

    const json::Value reasoning = test::element(reply["output"]["message"]["content"],
                                                0)["reasoningContent"]["reasoningText"];
    EXPECT_TRUE(reasoning["text"].is_string()) << more;
    EXPECT_FALSE(reasoning["signature"].exists());
  }
  const test::Document plain(converse("openai.gpt-oss-120b-1:0", R"("system":[])"));
  EXPECT_TRUE(test::element(plain["output"]["message"]["content"], 0)["text"].is_string());
}

}  // namespace
}  // namespace llm::local
