#include "local/runtime/mantle.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "local/service.hpp"
#include "local/test_support.hpp"

namespace llm::local {
namespace {

using test::Document;
using test::serve;
using test::service_with;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr std::string_view kMessagesPath = "/anthropic/v1/messages";
constexpr std::string_view kChatPath = "/v1/chat/completions";

Request post(std::string_view path, std::string body) {
  Request request{.method = "POST", .target = std::string(path)};
  request.headers = {{"Host", "127.0.0.1"},
                     {"Content-Type", "application/json"},
                     {"anthropic-version", "2023-06-01"}};
  request.body = std::move(body);
  return request;
}

Request messages(const std::string& more = "", const std::string& model = "claude-haiku-4-5") {
  return post(kMessagesPath,
              R"({"model":"anthropic.)" + model +
                  R"(","max_tokens":50,"messages":[{"role":"user","content":"Why?"}])" + more +
                  "}");
}

Request chat(const std::string& more = "", const std::string& model = "deepseek.v3.1") {
  return post(kChatPath, R"({"model":")" + model +
                             R"(","messages":[{"role":"user","content":"Why?"}])" + more + "}");
}

std::string stream_of(const Reply& reply) {
  std::string body;
  for (const Frame& frame : reply.frames) body += frame.bytes;
  return body;
}

/// The `event:` lines of a stream, without repetitions of neighbours.
std::vector<std::string> types_of(const Reply& reply) {
  std::vector<std::string> types;
  for (const Frame& frame : reply.frames) {
    const std::string type = frame.bytes.substr(7, frame.bytes.find('\n') - 7);
    if (types.empty() || types.back() != type) types.push_back(type);
  }
  return types;
}

TEST(LocalMantle, answers_messages_as_a_body) {
  const Reply reply = serve(test::open_service(), messages()).reply;

  ASSERT_EQ(reply.status, 200) << reply.body;
  const Document body(reply.body);
  EXPECT_EQ(body["type"].string(), "message");
  EXPECT_EQ(body["stop_reason"].string(), "end_turn");
  EXPECT_THAT(reply.body, HasSubstr("Why?"));
}

TEST(LocalMantle, streams_messages_in_the_order_of_anthropic) {
  const Reply reply = serve(test::open_service(), messages(R"(,"stream":true)")).reply;

  ASSERT_TRUE(reply.streamed) << reply.body;
  EXPECT_EQ(reply.headers.at(1).value, "text/event-stream; charset=utf-8");
  EXPECT_THAT(types_of(reply),
              ElementsAre("message_start", "content_block_start", "ping", "content_block_delta",
                          "content_block_stop", "message_delta", "message_stop"));
  EXPECT_THAT(stream_of(reply), Not(HasSubstr("amazon-bedrock")));
}

TEST(LocalMantle, answers_chat_completions_as_a_body) {
  const Reply reply = serve(test::open_service(), chat()).reply;

  ASSERT_EQ(reply.status, 200) << reply.body;
  const Document body(reply.body);
  EXPECT_EQ(body["object"].string(), "chat.completion");
  EXPECT_EQ(body["model"].string(), "deepseek.v3.1");
  const json::Value choice = test::element(body["choices"], 0);
  EXPECT_EQ(choice["finish_reason"].string(), "stop");
  EXPECT_THAT(choice["message"]["content"].text_or_empty(), HasSubstr("Why?"));
  EXPECT_TRUE(body["usage"]["total_tokens"].integer());
}

TEST(LocalMantle, streams_chat_completions_with_usage_where_it_is_asked_for) {
  const Service service = test::open_service();
  const Reply with =
      serve(service, chat(R"(,"stream":true,"stream_options":{"include_usage":true})")).reply;
  const Reply without = serve(service, chat(R"(,"stream":true)")).reply;

  ASSERT_TRUE(with.streamed && without.streamed);
  EXPECT_THAT(stream_of(with), EndsWith("data: [DONE]\n\n"));
  const std::string& usage = with.frames.at(with.frames.size() - 2).bytes;
  EXPECT_THAT(usage, HasSubstr(R"("choices":[],"usage":{"prompt_tokens":)"));
  EXPECT_THAT(with.frames.at(with.frames.size() - 3).bytes,
              HasSubstr(R"("finish_reason":"stop"}],"usage":null)"));
  EXPECT_EQ(without.frames.size(), with.frames.size() - 1);
}

TEST(LocalMantle, calls_tools_and_reasons_from_a_script_in_both_apis) {
  const ScriptedCompletion completion{
      .text = "I look.",
      .reasoning = "Hm.",
      .tool_calls = {{"get_weather", Json::from_valid_text(R"({"city":"Oslo"})")}}};
  const Service service = service_with({{.completion = completion}});

  const Document claude(serve(service, messages()).reply.body);
  const Document other(serve(service, chat()).reply.body);
  const std::string stream = stream_of(serve(service, chat(R"(,"stream":true)")).reply);

  EXPECT_EQ(claude["stop_reason"].string(), "tool_use");
  const json::Value message = test::element(other["choices"], 0)["message"];
  EXPECT_EQ(message["reasoning"].string(), "Hm.");
  EXPECT_EQ(message["content"].string(), "I look.");
  EXPECT_EQ(test::element(message["tool_calls"], 0)["function"]["arguments"].string(),
            R"({"city":"Oslo"})");
  EXPECT_THAT(stream, HasSubstr(R"("finish_reason":"tool_calls")"));
  EXPECT_THAT(stream, HasSubstr(R"("function":{"name":"get_weather","arguments":""})"));
}

TEST(LocalMantle, lists_the_models_of_both_apis) {
  const Reply reply = serve(test::open_service(), test::get("/v1/models")).reply;

  EXPECT_THAT(reply.body, StartsWith(R"({"data":[{"created":)"));
  for (const std::string_view id : {"anthropic.claude-haiku-4-5", "anthropic.claude-opus-5-5",
                                    "deepseek.v3.1", "openai.gpt-oss-120b", "xai.grok-4.7"}) {
    EXPECT_THAT(reply.body, HasSubstr("\"id\":\"" + std::string(id) + "\"")) << id;
  }
  EXPECT_THAT(reply.body, Not(HasSubstr("amazon.nova")));
  EXPECT_THAT(reply.body, Not(HasSubstr("embed")));
}

struct RefusedRow {
  std::string name;
  Request request;
  int status;
  std::string body;  ///< A part of it.
};

void PrintTo(const RefusedRow& row, std::ostream* out) { *out << row.name; }

std::vector<RefusedRow> refusals() {
  Request no_version = messages();
  no_version.headers.pop_back();
  Request under_openai = chat("", "xai.grok-4.7");
  return {
      {"unknown_model", chat("", "acme.x"), 404,
       R"({"error":{"code":"model_not_found","message":"The model 'acme.x' does not exist",)"},
      {"unknown_claude", messages("", "claude-x"), 404,
       R"({"type":"error","error":{"type":"not_found_error",)"},
      {"no_model", post(kChatPath, "{}"), 400, "model: Field required"},
      {"not_json", post(kMessagesPath, "{"), 400, R"("type":"invalid_request_error")"},
      // As seen: NousResearch/hermes-agent#52316.
      {"other_route", under_openai, 400,
       R"({"error":{"code":"validation_error","message":"model `xai.grok-4.7` isn't supported on )"
       R"(this route")"},
      {"claude_in_chat", chat("", "anthropic.claude-haiku-4-5"), 400, "isn't supported on this"},
      {"sampling",
       post("/openai/v1/chat/completions", R"({"model":"openai.gpt-5.5","temperature":0.5,)"
                                           R"("messages":[{"role":"user","content":"x"}]})"),
       400, "Unsupported parameter: 'temperature' is not supported with this model."},
      {"nova_in_chat", chat("", "amazon.nova-lite-v1:0"), 404, "does not exist"},
      {"no_version", no_version, 400, "anthropic-version: header is required"},
      {"version_in_the_body", messages(R"(,"anthropic_version":"bedrock-2023-05-31")"), 400,
       "anthropic_version: Extra inputs are not permitted"},
      {"stream_is_a_text", messages(R"(,"stream":"yes")"), 400, "stream: Input should be"},
      {"too_many_tokens",
       post(kMessagesPath, R"({"model":"anthropic.claude-haiku-4-5","max_tokens":99999999,)"
                           R"("messages":[{"role":"user","content":"x"}]})"),
       400, "max_tokens: 99999999 >"},
      {"bad_role",
       post(kChatPath, R"({"model":"deepseek.v3.1","messages":[{"role":"x","content":"y"}]})"), 400,
       R"({"error":{"code":"validation_error","message":"messages.0.role: Input should be)"},
  };
}

class LocalMantleRefusal : public ::testing::TestWithParam<RefusedRow> {};

TEST_P(LocalMantleRefusal, has_the_shape_of_its_api) {
  const Reply reply = serve(test::open_service(), GetParam().request).reply;

  EXPECT_EQ(reply.status, GetParam().status) << reply.body;
  EXPECT_THAT(reply.body, HasSubstr(GetParam().body));
}

INSTANTIATE_TEST_SUITE_P(Rows, LocalMantleRefusal, ::testing::ValuesIn(refusals()),
                         [](const auto& row) { return row.param.name; });

TEST(LocalMantle, refuses_whom_it_does_not_know_in_the_shape_of_the_api) {
  const Service service((ServerOptions()));
  Request key = chat();
  key.headers.push_back({"Authorization", "Bearer ABSKwrong"});

  const Reply by_key = serve(service, key).reply;
  const Reply unsigned_one = serve(service, messages()).reply;

  // As seen: NousResearch/hermes-agent#87190.
  EXPECT_EQ(by_key.status, 401);
  EXPECT_THAT(
      by_key.body,
      StartsWith(R"({"error":{"code":"invalid_api_key","message":"Invalid bearer token",)"));
  EXPECT_EQ(unsigned_one.status, 401);
  EXPECT_THAT(unsigned_one.body, HasSubstr(R"("type":"authentication_error")"));
}

TEST(LocalMantle, breaks_server_sent_events_as_a_script_says) {
  const auto faulty = [](const Fault& fault, const Request& request) {
    return serve(service_with({{.fault = fault}}), request);
  };
  const Request claude = messages(R"(,"stream":true)");
  const Request other = chat(R"(,"stream":true)");
  const fault::Exception throttled{.name = "ThrottlingException", .after_events = 2};

  const Reply in_claude = faulty(throttled, claude).reply;
  const Reply in_other = faulty(throttled, other).reply;
  const Reply before = faulty(fault::Exception{.name = "ThrottlingException"}, claude).reply;
  const Reply message = faulty(fault::ErrorMessage{.message = "Oh."}, other).reply;

  ASSERT_EQ(in_claude.frames.size(), 3U);
  EXPECT_THAT(in_claude.frames.back().bytes,
              StartsWith("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":"
                         "\"rate_limit_error\","));
  ASSERT_EQ(in_other.frames.size(), 3U);
  EXPECT_THAT(in_other.frames.back().bytes,
              StartsWith(R"(data: {"error":{"code":"rate_limit_exceeded",)"));
  EXPECT_EQ(before.status, 429);
  EXPECT_THAT(before.body, StartsWith(R"({"type":"error","error":{"type":"rate_limit_error",)"));
  EXPECT_THAT(message.frames.back().bytes, HasSubstr(R"("message":"Oh.")"));
  EXPECT_EQ(faulty(fault::DamagedChecksum{}, other).fault, "");
  EXPECT_EQ(faulty(fault::Reset{.after_bytes = 10}, other).reply.plan.cut, Cut::reset);
  EXPECT_EQ(faulty(fault::Stall{.after_events = 1}, claude).reply.plan.cut, Cut::stall);
}

TEST(LocalMantle, matches_rules_by_the_operation_and_the_model_of_the_body) {
  const Service service =
      service_with({{.match = {.model = "deepseek", .operation = Operation::chat_completions},
                     .completion = ScriptedCompletion{.text = "Scripted."}}});

  EXPECT_THAT(serve(service, chat()).reply.body, HasSubstr("Scripted."));
  EXPECT_THAT(serve(service, chat("", "openai.gpt-oss-120b")).reply.body,
              Not(HasSubstr("Scripted.")));
}

TEST(LocalMantle, caches_prompts) {
  std::string text;
  for (int i = 0; i < 6000; ++i) text += "word ";
  const Request request = messages(R"(,"system":[{"type":"text","text":")" + text +
                                   R"(","cache_control":{"type":"ephemeral"}}])");
  const Service service = test::open_service();

  const Document first(serve(service, request).reply.body);
  const Document second(serve(service, request).reply.body);

  EXPECT_GT(first["usage"]["cache_creation_input_tokens"].integer().value_or(0), 0);
  EXPECT_GT(second["usage"]["cache_read_input_tokens"].integer().value_or(0), 0);
}

}  // namespace
}  // namespace llm::local
