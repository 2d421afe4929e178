// How the service applies the rules of a script.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "local/service.hpp"
#include "local/test_support.hpp"

namespace llm::local {
namespace {

using test::Document;
using test::serve;
using test::service_with;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kTitan = "amazon.titan-text-lite-v1";
constexpr std::string_view kWhy = R"({"inputText":"Why?"})";

Request titan(std::string_view body = kWhy) { return test::model_request(kTitan, "invoke", body); }

Request converse(std::string_view operation, std::string_view prompt) {
  return test::model_request(
      test::kHaiku, operation,
      R"({"messages":[{"role":"user","content":[{"text":")" + std::string(prompt) + "\"}]}]}");
}

ScriptedCompletion weather() {
  return {.text = "I look.",
          .tool_calls = {{"get_weather", Json::from_valid_text(R"({"city":"Oslo"})")}}};
}

TEST(ServiceScript, completes_matching_prompts_from_the_script) {
  const Service service = service_with(
      {{.match = {.prompt = "Why"}, .completion = ScriptedCompletion{.text = "Because."}}});

  const HandledRequest matched = serve(service, titan());
  const HandledRequest other = serve(service, titan(R"({"inputText":"How?"})"));

  EXPECT_EQ(matched.rule, 1U);
  EXPECT_THAT(matched.reply.body,
              HasSubstr(R"("outputText":"Because.","completionReason":"FINISH")"));
  EXPECT_EQ(other.rule, 0U);
  EXPECT_THAT(other.reply.body, HasSubstr("How?"));
}

TEST(ServiceScript, calls_tools_and_reasons_from_the_script) {
  ScriptedCompletion completion = weather();
  completion.reasoning = "Hm.";
  const Service service = service_with({{.completion = completion}});

  const Document buffered(serve(service, converse("converse", "x")).reply.body);

  EXPECT_EQ(buffered["stopReason"].string(), "tool_use");
  const json::Value content = buffered["output"]["message"]["content"];
  EXPECT_EQ(test::element(content, 0)["reasoningContent"]["reasoningText"]["text"].string(), "Hm.");
  EXPECT_EQ(test::element(content, 1)["text"].string(), "I look.");
  EXPECT_EQ(test::element(content, 2)["toolUse"]["name"].string(), "get_weather");
  EXPECT_EQ(test::element(content, 2)["toolUse"]["input"].to_text(), R"({"city":"Oslo"})");
}

TEST(ServiceScript, ends_a_completion_with_the_scripted_stop_reason) {
  const std::vector<std::pair<StopReason, std::string>> cases{
      {StopReason::end_turn, "end_turn"},
      {StopReason::max_tokens, "max_tokens"},
      {StopReason::stop_sequence, "stop_sequence"},
      {StopReason::tool_use, "tool_use"}};
  for (const auto& [ending, reason] : cases) {
    const Service service =
        service_with({{.completion = ScriptedCompletion{.stop_reason = ending}}});

    const Document buffered(serve(service, converse("converse", "x")).reply.body);

    EXPECT_EQ(buffered["stopReason"].string(), reason);
    EXPECT_EQ(buffered["output"]["message"]["content"].size(), 0U);
  }
}

TEST(ServiceScript, matches_prompts_in_tool_results) {
  const Service service = service_with(
      {{.match = {.prompt = "4 degrees"}, .completion = ScriptedCompletion{.text = "Cold."}}});
  Request request = converse("converse", "x");
  request.body =
      R"({"messages":[{"role":"user","content":[{"text":"Weather?"}]},)"
      R"({"role":"assistant","content":[{"toolUse":{"toolUseId":"t1","name":"w","input":{}}}]},)"
      R"({"role":"user","content":[{"toolResult":{"toolUseId":"t1",)"
      R"("content":[{"text":"4 degrees"}]}}]}],"toolConfig":{"tools":[{"toolSpec":)"
      R"({"name":"w","inputSchema":{"json":{"type":"object"}}}}]}})";

  EXPECT_THAT(serve(service, request).reply.body, HasSubstr("Cold."));
}

TEST(ServiceScript, throttles_before_it_looks_at_the_body_and_counts) {
  const Service service =
      service_with({{.fault = fault::Exception{.name = "ThrottlingException"}, .times = 2}});

  std::vector<int> statuses;
  for (int i = 0; i < 3; ++i) statuses.push_back(serve(service, titan("{")).reply.status);

  EXPECT_EQ(statuses, (std::vector<int>{429, 429, 400}));
  EXPECT_EQ(service.rulebook().faults(),
            (std::map<std::string, std::uint64_t>{{"ThrottlingException", 2}}));
}

TEST(ServiceScript, breaks_a_scripted_completion) {
  const Service service = service_with(
      {{.completion = ScriptedCompletion{.text = "Because."}, .fault = fault::Truncation{4}}});

  const HandledRequest handled = serve(service, converse("converse-stream", "x"));

  EXPECT_EQ(handled.fault, "truncation");
  EXPECT_EQ(handled.reply.plan.cut_after, 4U);
  EXPECT_EQ(test::header(handled.reply, "x-amzn-RequestId"), "id");
}

TEST(ServiceScript, does_not_count_a_fault_that_found_nothing_to_break) {
  const Service service = service_with({{.fault = fault::DamagedChecksum{}}});

  const HandledRequest handled = serve(service, titan());

  EXPECT_EQ(handled.rule, 1U);
  EXPECT_EQ(handled.fault, "");
  EXPECT_TRUE(service.rulebook().faults().empty());
}

TEST(ServiceScript, has_rules_for_the_control_plane) {
  const Service service =
      service_with({{.match = {.operation = Operation::list_foundation_models},
                     .fault = fault::Exception{.name = "AccessDeniedException"}}});

  EXPECT_EQ(serve(service, {.method = "GET", .target = "/foundation-models"}).reply.status, 403);
  EXPECT_EQ(serve(service, titan()).reply.status, 200);
}

TEST(ServiceScript, verifies_the_signature_first) {
  ServerOptions options;
  options.script = {{.fault = fault::Exception{.name = "ThrottlingException"}}};
  const Service service(std::move(options));

  EXPECT_EQ(serve(service, titan()).reply.status, 403);
  EXPECT_TRUE(service.rulebook().faults().empty());
}

TEST(ServiceScript, expires_one_access_key_and_not_another) {
  ServerOptions options;
  options.credentials = {{.access_key_id = "OLD"}, {.access_key_id = "NEW"}};
  options.script = {{.match = {.access_key_id = "OLD"},
                     .fault = fault::Exception{.name = "ExpiredTokenException"},
                     .skip = 1}};
  const Service service(std::move(options));

  std::vector<int> statuses;
  for (const std::string_view key : {"OLD", "OLD", "NEW"}) {
    Request request = titan();
    test::sign(request, {.access_key_id = std::string(key)});
    statuses.push_back(serve(service, request).reply.status);
  }

  EXPECT_EQ(statuses, (std::vector<int>{200, 403, 200}));
}

TEST(ServiceScript, has_a_wrong_clock_for_signatures_and_date) {
  ServerOptions options;
  options.script = {{.fault = fault::ClockOffset{std::chrono::minutes(10)}, .times = 1}};
  const Service service(std::move(options));
  Request request = titan();
  test::sign(request, {});

  const HandledRequest wrong = serve(service, request);
  const HandledRequest right = serve(service, request);

  EXPECT_EQ(wrong.reply.status, 403);
  EXPECT_THAT(wrong.reply.body, HasSubstr("Signature expired: 20261122T152202Z is now earlier than "
                                          "20261122T152702Z (20261122T153202Z - 5 min.)"));
  EXPECT_EQ(test::header(wrong.reply, "Date"), "Sun, 22 Nov 2026 15:32:02 GMT");
  EXPECT_EQ(wrong.fault, "clock_offset");
  EXPECT_EQ(right.reply.status, 200);
  EXPECT_EQ(test::header(right.reply, "Date"), "Sun, 22 Nov 2026 15:22:02 GMT");
}

/// A stop reason, and the texts of both APIs for it.
struct StopRow {
  std::string name{};
  StopReason reason{};
  std::string converse{};

  friend void PrintTo(const StopRow& row, std::ostream* out) { *out << row.name; }
};

class ScriptedStopReasons : public ::testing::TestWithParam<StopRow> {};

TEST_P(ScriptedStopReasons, are_reported_in_both_apis) {
  const StopRow& row = GetParam();
  const Service service =
      service_with({{.completion = ScriptedCompletion{.text = "a", .stop_reason = row.reason}}});
  const Request native = test::model_request(
      test::kHaiku, "invoke",
      R"({"anthropic_version":"bedrock-2023-05-31","max_tokens":9,"messages":[{"role":"user",)"
      R"("content":"Hi"}]})");

  const Document mapped(serve(service, converse("converse", "Hi")).reply.body);
  const Document own(serve(service, native).reply.body);

  EXPECT_EQ(mapped["stopReason"].string(), row.converse);
  EXPECT_EQ(own["stop_reason"].string(), row.name);
}

INSTANTIATE_TEST_SUITE_P(
    All, ScriptedStopReasons,
    ::testing::Values(
        StopRow{"end_turn", StopReason::end_turn, "end_turn"},
        StopRow{"content_filtered", StopReason::content_filtered, "content_filtered"},
        StopRow{"guardrail_intervened", StopReason::guardrail_intervened, "guardrail_intervened"},
        StopRow{"malformed_model_output", StopReason::malformed_model_output,
                "malformed_model_output"},
        StopRow{"malformed_tool_use", StopReason::malformed_tool_use, "malformed_tool_use"},
        StopRow{"model_context_window_exceeded", StopReason::model_context_window_exceeded,
                "model_context_window_exceeded"},
        StopRow{"refusal", StopReason::refusal, "content_filtered"},
        StopRow{"pause_turn", StopReason::pause_turn, "end_turn"}),
    test::RowName{});

TEST(ServiceScript, cites_documents_buffered_and_streaming) {
  const Service service = service_with(
      {{.completion = ScriptedCompletion{
            .text = "Rain.",
            .citations = {{.title = "Report", .cited_text = "rain", .start = 2, .end = 6}}}}});
  constexpr std::string_view kCitation =
      R"({"location":{"documentChar":{"documentIndex":0,"end":6,"start":2}},"sourceContent":[)"
      R"({"text":"rain"}],"title":"Report"})";

  const std::string buffered = serve(service, converse("converse", "Hi")).reply.body;
  std::string streamed;
  for (const test::Event& event :
       test::events_of(serve(service, converse("converse-stream", "Hi")).reply)) {
    streamed += event.payload;
  }

  EXPECT_THAT(buffered, HasSubstr(R"({"citationsContent":{"citations":[)" + std::string(kCitation) +
                                  R"(],"content":[{"text":"Rain."}]}})"));
  EXPECT_THAT(streamed, HasSubstr(R"("delta":{"citation":)" + std::string(kCitation) + "}"));
}

TEST(ServiceScript, cites_documents_in_native_bodies) {
  const Service service = service_with(
      {{.completion = ScriptedCompletion{
            .text = "Rain.",
            .citations = {{.title = "Report", .cited_text = "rain", .start = 2, .end = 6}}}}});
  constexpr std::string_view kBody =
      R"({"anthropic_version":"bedrock-2023-05-31","max_tokens":9,"messages":[{"role":"user",)"
      R"("content":"Hi"}]})";
  constexpr std::string_view kCitation =
      R"({"type":"char_location","cited_text":"rain","document_index":0,)"
      R"("document_title":"Report","start_char_index":2,"end_char_index":6})";

  const std::string buffered =
      serve(service, test::model_request(test::kHaiku, "invoke", kBody)).reply.body;
  std::string streamed;
  for (const std::string& native : test::natives_of(
           serve(service, test::model_request(test::kHaiku, "invoke-with-response-stream", kBody))
               .reply)) {
    streamed += native;
  }

  EXPECT_THAT(buffered, HasSubstr(R"("citations":[)" + std::string(kCitation) + "]"));
  EXPECT_THAT(streamed,
              HasSubstr(R"({"type":"citations_delta","citation":)" + std::string(kCitation) + "}"));
}

}  // namespace
}  // namespace llm::local
