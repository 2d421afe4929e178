#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "local/test_support.hpp"

namespace llm::local {
namespace {

using test::Document;
using ::testing::HasSubstr;

constexpr std::string_view kSonnet = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
constexpr std::string_view kConversePrefix = "The model returned the following errors: ";

std::string order_refusal(std::string_view place) {
  return std::string(place) +
         ".cache_control.ttl: a ttl='1h' cache_control block must not come after a ttl='5m' "
         "cache_control block. Note that blocks are processed in the following order: `tools`, "
         "`system`, `messages`.";
}

Reply converse(const Service& service, std::string_view model, std::string_view body) {
  return test::handle(service, test::model_request(model, "converse", body));
}

/// Where a request has its cache points: `5m`, `1h` or nothing.
struct Places {
  std::string tool{};
  std::string system{};
  std::string first{};  ///< Of the blocks of the message.
  std::string second{};
};

std::string native_control(const std::string& ttl) {
  if (ttl.empty()) return "";
  return R"(,"cache_control":{"type":"ephemeral","ttl":")" + ttl + "\"}";
}

std::string native_body(const Places& places) {
  return R"({"anthropic_version":"bedrock-2023-05-31","max_tokens":50,"messages":[{"role":"user",)"
         R"("content":[{"type":"text","text":"a")" +
         native_control(places.first) + R"(},{"type":"text","text":"b")" +
         native_control(places.second) + R"(}]}],"system":[{"type":"text","text":"s")" +
         native_control(places.system) +
         R"(}],"tools":[{"name":"t","input_schema":{"type":"object"})" +
         native_control(places.tool) + "}]}";
}

std::string cache_point(const std::string& ttl) {
  if (ttl.empty()) return "";
  return R"(,{"cachePoint":{"type":"default","ttl":")" + ttl + "\"}}";
}

std::string converse_body(const Places& places) {
  return R"({"messages":[{"role":"user","content":[{"text":"a"})" + cache_point(places.first) +
         R"(,{"text":"b"})" + cache_point(places.second) + R"(]}],"system":[{"text":"s"})" +
         cache_point(places.system) +
         R"(],"toolConfig":{"tools":[{"toolSpec":{"name":"t","inputSchema":{"json":)"
         R"({"type":"object"}}}})" +
         cache_point(places.tool) + "]}}";
}

struct Row {
  std::string name{};
  Places places{};
  std::string refused_at{};  ///< Empty: accepted.

  friend void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }
};

std::vector<Row> rows() {
  return {
      {"tools_then_system", {.tool = "5m", .system = "1h"}, "system.0"},
      {"tools_then_messages", {.tool = "5m", .second = "1h"}, "messages.0.content.1"},
      {"system_then_messages", {.system = "5m", .first = "1h"}, "messages.0.content.0"},
      {"between_messages", {.first = "5m", .second = "1h"}, "messages.0.content.1"},
      {"longer_first", {.tool = "1h", .system = "1h", .first = "5m", .second = "5m"}, ""},
  };
}

class CachePointOrder : public ::testing::TestWithParam<Row> {};

TEST_P(CachePointOrder, is_checked_in_both_apis) {
  const Row& row = GetParam();

  const Reply native = test::invoke(kSonnet, native_body(row.places));
  const Reply mapped = converse(test::open_service(), kSonnet, converse_body(row.places));

  EXPECT_EQ(native.status, row.refused_at.empty() ? 200 : 400) << native.body;
  EXPECT_EQ(mapped.status, row.refused_at.empty() ? 200 : 400) << mapped.body;
  if (row.refused_at.empty()) return;
  EXPECT_EQ(test::message_of(native), order_refusal(row.refused_at));
  EXPECT_EQ(test::message_of(mapped), std::string(kConversePrefix) + order_refusal(row.refused_at));
}

INSTANTIATE_TEST_SUITE_P(All, CachePointOrder, ::testing::ValuesIn(rows()), test::RowName{});

TEST(CachePoint, is_refused_by_a_model_that_does_not_cache) {
  const Reply reply = converse(test::open_service(), test::kHaiku, converse_body({.first = "5m"}));

  EXPECT_EQ(reply.status, 403);
  EXPECT_THAT(test::message_of(reply), HasSubstr("did not allow prompt caching"));
}

TEST(CachePoint, cannot_follow_reasoning_through_converse) {
  const Reply reply = converse(
      test::open_service(), kSonnet,
      R"({"messages":[{"role":"user","content":[{"text":"a"}]},{"role":"assistant","content":[)"
      R"({"reasoningContent":{"redactedContent":""}},{"cachePoint":{"type":"default"}},)"
      R"({"text":"b"}]},{"role":"user","content":[{"text":"c"}]}]})");

  EXPECT_THAT(test::message_of(reply), HasSubstr("cannot be inserted after reasoning block"));
}

/// A text of about this many tokens.
std::string long_text(std::size_t tokens) {
  std::string text;
  for (std::size_t i = 0; i < tokens; ++i) text += "wordy ";
  return text;
}

TEST(CachePoint, lets_the_second_call_read_what_the_first_wrote) {
  const Service service = test::open_service();
  const std::string body = R"({"system":[{"text":")" + long_text(1500) +
                           R"("},{"cachePoint":{"type":"default"}}],"messages":[{"role":"user",)"
                           R"("content":[{"text":"Hi"}]}]})";

  const Document first(converse(service, kSonnet, body).body);
  const Document second(converse(service, kSonnet, body).body);

  const std::int64_t cached = first["usage"]["cacheWriteInputTokens"].integer().value_or(0);
  EXPECT_GE(cached, 1500);
  EXPECT_EQ(first["usage"]["cacheReadInputTokens"].integer(), 0);
  EXPECT_EQ(test::element(first["usage"]["cacheDetails"], 0).to_text(),
            R"({"inputTokens":)" + std::to_string(cached) + R"(,"ttl":"5m"})");
  EXPECT_EQ(second["usage"]["cacheReadInputTokens"].integer(), cached);
  EXPECT_EQ(second["usage"]["cacheReadInputTokenCount"].integer(), cached);
  EXPECT_EQ(second["usage"]["cacheWriteInputTokens"].integer(), 0);
  EXPECT_FALSE(second["usage"]["cacheDetails"].exists());
  EXPECT_EQ(*second["usage"]["totalTokens"].integer(),
            *second["usage"]["inputTokens"].integer() + cached +
                *second["usage"]["outputTokens"].integer());
}

TEST(CachePoint, works_in_native_bodies_streams_and_headers) {
  const Service service = test::open_service();
  const std::string body = R"({"anthropic_version":"bedrock-2023-05-31","max_tokens":50,)"
                           R"("messages":[{"role":"user","content":[{"type":"text","text":")" +
                           long_text(1500) +
                           R"(","cache_control":{"type":"ephemeral","ttl":"1h"}}]}]})";

  const Reply first = test::handle(service, test::model_request(kSonnet, "invoke", body));
  const Reply second =
      test::handle(service, test::model_request(kSonnet, "invoke-with-response-stream", body));

  const Document response(first.body);
  const json::Value usage = response["usage"];
  const std::int64_t cached = usage["cache_creation_input_tokens"].integer().value_or(0);
  EXPECT_GE(cached, 1500);
  EXPECT_EQ(usage["cache_creation"]["ephemeral_1h_input_tokens"].integer(), cached);
  EXPECT_EQ(test::header(first, "X-Amzn-Bedrock-Cache-Write-Input-Token-Count"),
            std::to_string(cached));
  const std::vector<std::string> chunks = test::natives_of(second);
  EXPECT_EQ(Document(chunks.front())["message"]["usage"]["cache_read_input_tokens"].integer(),
            cached);
  EXPECT_THAT(chunks.back(), HasSubstr(R"("cacheReadInputTokenCount":)" + std::to_string(cached)));
}

TEST(CachePoint, covers_a_system_prompt_written_either_way) {
  const Service service = test::open_service();
  const auto read = [&](const std::string& system) {
    const Reply reply = test::handle(
        service,
        test::model_request(
            kSonnet, "invoke",
            R"({"anthropic_version":"bedrock-2023-05-31","max_tokens":50,"system":)" + system +
                R"(,"messages":[{"role":"user","content":[{"type":"text","text":")" +
                long_text(1500) + R"(","cache_control":{"type":"ephemeral"}}]}]})"));
    return Document(reply.body)["usage"]["cache_read_input_tokens"].integer().value_or(-1);
  };

  EXPECT_EQ(read(R"("Be brief.")"), 0);
  EXPECT_GT(read(R"([{"type":"text","text":"Be brief."}])"), 1500);
}

TEST(CachePoint, works_for_tools_that_converse_passes_on) {
  const Service service = test::open_service();
  const std::string body =
      R"({"messages":[{"role":"user","content":[{"text":"Hi"}]}],"additionalModelRequestFields":)"
      R"({"tools":[{"name":"t","description":")" +
      long_text(1500) +
      R"(","input_schema":{"type":"object"},"cache_control":{"type":"ephemeral"}}]}})";

  const Document first(converse(service, kSonnet, body).body);
  const Document second(converse(service, kSonnet, body).body);

  EXPECT_GT(first["usage"]["cacheWriteInputTokens"].integer().value_or(-1), 1500);
  EXPECT_GT(second["usage"]["cacheReadInputTokens"].integer().value_or(-1), 1500);
}

TEST(CachePoint, is_not_written_by_a_request_that_fails) {
  ServerOptions options;
  options.verify_signatures = false;
  options.script = {{.fault = fault::Exception{.name = "ThrottlingException"}, .times = 1}};
  const Service service(std::move(options));
  const std::string body = R"({"messages":[{"role":"user","content":[{"text":")" + long_text(1500) +
                           R"("},{"cachePoint":{"type":"default"}}]}]})";

  EXPECT_EQ(converse(service, kSonnet, body).status, 429);
  const Document second(converse(service, kSonnet, body).body);

  EXPECT_EQ(second["usage"]["cacheReadInputTokens"].integer(), 0);
}

struct ControlRow {
  std::string name{};
  std::string control{};
  std::string message{};

  friend void PrintTo(const ControlRow& row, std::ostream* out) { *out << row.name; }
};

class CacheControl : public ::testing::TestWithParam<ControlRow> {};

TEST_P(CacheControl, is_refused_in_the_words_of_the_model) {
  const Reply reply = test::invoke(
      kSonnet,
      R"({"anthropic_version":"bedrock-2023-05-31","max_tokens":50,"messages":[{"role":"user",)"
      R"("content":[{"type":"text","text":"a","cache_control":)" +
          GetParam().control + "}]}]}");

  EXPECT_EQ(test::message_of(reply), "messages.0.content.0.cache_control" + GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    All, CacheControl,
    ::testing::Values(ControlRow{"no_object", "5", ": Input should be an object"},
                      ControlRow{"type", R"({"type":"x"})", ".type: Input should be 'ephemeral'"},
                      ControlRow{"ttl", R"({"type":"ephemeral","ttl":"2h"})",
                                 ".ttl: Input should be '5m' or '1h'"}),
    test::RowName{});

}  // namespace
}  // namespace llm::local
