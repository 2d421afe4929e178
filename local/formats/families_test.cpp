// The native bodies of the families that have no wire format of their own in the model table.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "local/test_support.hpp"

namespace llm::local {
namespace {

using test::Document;
using ::testing::HasSubstr;
using ::testing::StartsWith;

using Pick = std::function<std::string(const json::Value&)>;

std::string member(const json::Value& value) { return value.text_or_empty(); }

/// A family: a valid body, and where its replies have the text.
struct Family {
  std::string name{};
  std::string_view model{};
  std::string body{};
  Pick text{};
  Pick fragment{};
  std::string ended{};  ///< What the last chunk with a reason contains.

  friend void PrintTo(const Family& family, std::ostream* out) { *out << family.name; }
};

std::string first_choice(const json::Value& reply) {
  return member(test::element(reply["choices"], 0)["message"]["content"]);
}
std::string first_delta(const json::Value& chunk) {
  return member(test::element(chunk["choices"], 0)["delta"]["content"]);
}

Family chat(std::string name, std::string_view model) {
  return {std::move(name),
          model,
          R"({"messages":[{"role":"system","content":"s"},{"role":"user","content":"Why?"}]})",
          first_choice,
          first_delta,
          R"("finish_reason":"stop")"};
}

std::vector<Family> families() {
  return {
      {"nova", "amazon.nova-lite-v1:0",
       R"({"schemaVersion":"messages-v1","messages":[{"role":"user","content":[{"text":"Why?"}]}],)"
       R"("system":[{"text":"s"}],"inferenceConfig":{"max_new_tokens":500,"topK":20}})",
       [](const json::Value& reply) {
         return member(test::element(reply["output"]["message"]["content"], 0)["text"]);
       },
       [](const json::Value& chunk) { return member(chunk["contentBlockDelta"]["delta"]["text"]); },
       R"({"messageStop":{"stopReason":"end_turn"}})"},
      {"mistral", "mistral.mistral-7b-instruct-v0:2",
       R"({"prompt":"<s>[INST] Why? [/INST]","max_tokens":500,"stop":["|"]})",
       [](const json::Value& reply) { return member(test::element(reply["outputs"], 0)["text"]); },
       [](const json::Value& chunk) { return member(test::element(chunk["outputs"], 0)["text"]); },
       R"("stop_reason":"stop")"},
      {"deepseek_r1", "us.deepseek.r1-v1:0",
       "{\"prompt\":\"<\uFF5Cbegin\u2581of\u2581sentence\uFF5C><\uFF5CUser\uFF5C>Why?<"
       "\uFF5CAssistant\uFF5C>"
       R"(<think>\n","max_tokens":500})",
       [](const json::Value& reply) { return member(test::element(reply["choices"], 0)["text"]); },
       [](const json::Value& chunk) { return member(test::element(chunk["choices"], 0)["text"]); },
       R"("stop_reason":"stop")"},
      {"command", "cohere.command-light-text-v14",
       R"({"prompt":"Why?","max_tokens":500,"stream":true,"num_generations":1})",
       [](const json::Value& reply) {
         return member(test::element(reply["generations"], 0)["text"]);
       },
       [](const json::Value& chunk) { return member(chunk["text"]); },
       R"("finish_reason":"COMPLETE","is_finished":true)"},
      {"command_r", "cohere.command-r-v1:0", R"({"message":"Why?","max_tokens":500,"p":0.9})",
       [](const json::Value& reply) { return member(reply["text"]); },
       [](const json::Value& chunk) { return member(chunk["text"]); },
       R"("finish_reason":"COMPLETE","is_finished":true)"},
      chat("jamba", "ai21.jamba-1-5-mini-v1:0"),
      chat("gpt_oss", "openai.gpt-oss-120b-1:0"),
      chat("qwen", "qwen.qwen3-32b-v1:0"),
      chat("deepseek_v3", "deepseek.v3-v1:0"),
      chat("mistral_large_3", "mistral.mistral-large-3-675b-instruct"),
      chat("kimi", "moonshot.kimi-k2-thinking"),
      chat("glm", "zai.glm-4.7"),
  };
}

class NativeFamily : public ::testing::TestWithParam<Family> {};

TEST_P(NativeFamily, completes_buffered_and_streaming_alike) {
  const Family& family = GetParam();

  const Reply buffered = test::invoke(family.model, family.body);
  const Reply streamed = test::invoke_stream(family.model, family.body);

  ASSERT_EQ(buffered.status, 200) << buffered.body;
  const Document reply(buffered.body);
  const std::string text = family.text(reply.root);
  EXPECT_THAT(text, HasSubstr("You asked: \"Why?\"")) << buffered.body;
  std::string all;
  std::string joined;
  const std::vector<std::string> chunks = test::natives_of(streamed);
  for (const std::string& chunk : chunks) {
    const Document parsed(chunk);
    ASSERT_TRUE(parsed.root.is_object()) << chunk;
    joined += family.fragment(parsed.root);
    all += chunk;
  }
  EXPECT_EQ(joined, text);
  EXPECT_THAT(all, HasSubstr(family.ended));
  EXPECT_THAT(chunks.back(), HasSubstr("amazon-bedrock-invocationMetrics"));
}

TEST_P(NativeFamily, refuses_members_that_it_does_not_know) {
  std::string body = GetParam().body;
  body.insert(1, R"("foo":1,)");

  const Reply reply = test::invoke(GetParam().model, body);

  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(test::message_of(reply),
            test::malformed_message("#: extraneous key [foo] is not permitted"));
}

TEST_P(NativeFamily, requires_a_prompt) {
  const Reply reply = test::invoke(GetParam().model, "{}");

  EXPECT_EQ(reply.status, 400);
  EXPECT_THAT(test::message_of(reply), HasSubstr("] not found"));
}

INSTANTIATE_TEST_SUITE_P(All, NativeFamily, ::testing::ValuesIn(families()), test::RowName{});

TEST(NovaNative, calls_tools_with_uuids_and_reports_the_cache) {
  constexpr std::string_view kBody =
      R"({"messages":[{"role":"user","content":[{"text":"Please get weather"}]}],"toolConfig":)"
      R"({"tools":[{"toolSpec":{"name":"get_weather","inputSchema":{"json":{"type":"object"}}}}]}})";

  const Document reply(test::invoke("amazon.nova-micro-v1:0", kBody).body);
  const std::vector<std::string> chunks =
      test::natives_of(test::invoke_stream("amazon.nova-micro-v1:0", kBody));

  const json::Value call = test::element(reply["output"]["message"]["content"], 1)["toolUse"];
  EXPECT_EQ(reply["stopReason"].string(), "tool_use");
  EXPECT_EQ(call["name"].string(), "get_weather");
  EXPECT_EQ(call["toolUseId"].text_or_empty().size(), 36U);
  EXPECT_EQ(reply["usage"]["cacheReadInputTokenCount"].integer(), 0);
  EXPECT_THAT(chunks.front(), StartsWith(R"({"messageStart":)"));
  EXPECT_THAT(chunks.back(), StartsWith(R"({"metadata":{"usage":{"inputTokens":)"));
}

TEST(ChatCompletions, calls_tools_and_reads_their_results) {
  constexpr std::string_view kTools =
      R"("tools":[{"type":"function","function":{"name":"get_weather","parameters":)"
      R"({"type":"object"}}}])";
  constexpr std::string_view kModel = "qwen.qwen3-32b-v1:0";
  const std::string question = R"({"role":"user","content":"Please get weather"})";

  const Document called(
      test::invoke(kModel, R"({"messages":[)" + question + "]," + std::string(kTools) + "}").body);
  const Reply answered = test::invoke(
      kModel, R"({"messages":[)" + question +
                  R"(,{"role":"assistant","tool_calls":[{"id":"1","type":"function","function":)"
                  R"({"name":"get_weather","arguments":"{}"}}]},{"role":"tool","tool_call_id":"1",)"
                  R"("content":"rain"}],)" +
                  std::string(kTools) + "}");

  const json::Value choice = test::element(called["choices"], 0);
  EXPECT_EQ(choice["finish_reason"].string(), "tool_calls");
  EXPECT_EQ(test::element(choice["message"]["tool_calls"], 0)["function"]["name"].string(),
            "get_weather");
  EXPECT_THAT(answered.body, HasSubstr("The tool get_weather replied"));
}

TEST(ChatCompletions, puts_reasoning_into_a_tag) {
  const Reply reply =
      test::invoke("openai.gpt-oss-120b-1:0",
                   R"({"messages":[{"role":"user","content":"Why?"}],"reasoning_effort":"high"})");

  EXPECT_THAT(first_choice(Document(reply.body).root), StartsWith("<reasoning>"));
}

TEST(DeepSeekText, keeps_angle_brackets_and_the_word_user) {
  const auto text = [](const std::string& prompt) {
    const Reply reply = test::invoke("us.deepseek.r1-v1:0", R"({"prompt":")" + prompt + "\"}");
    return member(test::element(Document(reply.body)["choices"], 0)["text"]);
  };

  EXPECT_THAT(text("<\uFF5CUser\uFF5C>Is User > 1 or < 2?<\uFF5CAssistant\uFF5C>"),
              HasSubstr("You asked: \"Is User > 1 or < 2?\""));
  EXPECT_THAT(text("Is User > 1 or < 2?"), HasSubstr("You asked: \"Is User > 1 or < 2?\""));
}

TEST(ChatCompletions, accepts_images_if_the_model_reads_them) {
  const Reply reply =
      test::invoke("mistral.mistral-large-3-675b-instruct",
                   R"({"messages":[{"role":"user","content":[{"type":"image_url","image_url":)"
                   R"({"url":"data:image/png;base64,AAAA"}}]}]})");

  EXPECT_EQ(reply.status, 200) << reply.body;
}

/// A body of a family that it refuses.
struct Refused {
  std::string name{};
  std::string_view model{};
  std::string body{};
  std::string message{};

  friend void PrintTo(const Refused& row, std::ostream* out) { *out << row.name; }
};

class NativeFamilyRefusal : public ::testing::TestWithParam<Refused> {};

TEST_P(NativeFamilyRefusal, names_the_member) {
  EXPECT_THAT(test::message_of(test::invoke(GetParam().model, GetParam().body)),
              HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    All, NativeFamilyRefusal,
    ::testing::Values(
        Refused{"nova_top_k", "amazon.nova-lite-v1:0",
                R"({"messages":[{"role":"user","content":[{"text":"a"}]}],)"
                R"("inferenceConfig":{"topK":500}})",
                "#/inferenceConfig/topK: 500 is not less or equal to 128"},
        Refused{"nova_max_tokens", "amazon.nova-lite-v1:0",
                R"({"messages":[{"role":"user","content":[{"text":"a"}]}],)"
                R"("inferenceConfig":{"max_new_tokens":10001}})",
                "max_new_tokens: 10001 is not less or equal to 10000"},
        Refused{"mistral_max_tokens", "mistral.mixtral-8x7b-instruct-v0:1",
                R"({"prompt":"a","max_tokens":4097})", "4097 is not less or equal to 4096"},
        Refused{"deepseek_stops", "us.deepseek.r1-v1:0",
                R"({"prompt":"a","stop":["1","2","3","4","5","6","7","8","9","10","11"]})",
                "expected maximum item count: 10, found: 11"},
        Refused{"another_model", "qwen.qwen3-32b-v1:0",
                R"({"model":"x","messages":[{"role":"user","content":"a"}]})",
                "must be the model in the path"},
        Refused{"stream_in_the_body", "qwen.qwen3-32b-v1:0",
                R"({"stream":true,"messages":[{"role":"user","content":"a"}]})",
                "stream is not supported"},
        Refused{"part_of_another_type", "qwen.qwen3-32b-v1:0",
                R"({"messages":[{"role":"user","content":[{"type":"text","text":"a"},)"
                R"({"type":"input_audio"}]}]})",
                "messages.0.content.1.type: Input should be 'text' or 'image_url'"},
        Refused{"text_part_without_text", "qwen.qwen3-32b-v1:0",
                R"({"messages":[{"role":"user","content":[{"type":"text","content":"a"}]}]})",
                "messages.0.content.0.text: Input should be a valid string"},
        Refused{"content_of_another_type", "qwen.qwen3-32b-v1:0",
                R"({"messages":[{"role":"user","content":7}]})",
                "messages.0.content: Input should be a string or a list"},
        Refused{"image_without_vision", "qwen.qwen3-32b-v1:0",
                R"({"messages":[{"role":"user","content":[{"type":"text","text":"a"},)"
                R"({"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]}]})",
                "This model doesn't support the image content block"},
        Refused{"max_tokens", "qwen.qwen3-32b-v1:0",
                R"({"max_tokens":16385,"messages":[{"role":"user","content":"a"}]})",
                "#/max_tokens: 16385 is not less or equal to 16384"},
        Refused{"max_completion_tokens", "qwen.qwen3-32b-v1:0",
                R"({"max_completion_tokens":16385,"messages":[{"role":"user","content":"a"}]})",
                "#/max_completion_tokens: 16385 is not less or equal to 16384"},
        Refused{"unasked_tool_result", "qwen.qwen3-32b-v1:0",
                R"({"messages":[{"role":"user","content":"a"},{"role":"tool","tool_call_id":"1",)"
                R"("content":"b"}]})",
                "messages.1.tool_call_id"},
        Refused{"role", "qwen.qwen3-32b-v1:0", R"({"messages":[{"role":"bot","content":"a"}]})",
                "messages.0.role"}),
    test::RowName{});

}  // namespace
}  // namespace llm::local
