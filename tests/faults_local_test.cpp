// What the client makes of everything that the local Bedrock can break, over real HTTP.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include <llm/llm.hpp>
#include <llm/local/server.hpp>

namespace llm {
namespace {

using local::Fault;
using local::fault_name;
using std::chrono::milliseconds;
using ::testing::HasSubstr;
namespace fault = local::fault;

constexpr auto kHaiku = "anthropic.claude-3-haiku-20240307-v1:0";
using Counts = std::map<std::string, std::uint64_t>;

class FaultsLocalTest : public ::testing::Test {
 protected:
  Client client(int max_retries = 0, std::map<std::string, std::string> extra = {}) {
    extra.insert(
        {{"region", "us-east-1"}, {"access_key_id", "local"}, {"secret_access_key", "local"}});
    auto made = create_client({.provider = "bedrock",
                               .model = kHaiku,
                               .base_url = server_.url(),
                               .max_retries = max_retries,
                               .extra = std::move(extra)});
    EXPECT_TRUE(made) << made.error().message;
    return *made;
  }

  void break_with(Fault fault, std::optional<std::uint64_t> times = {}) {
    server_.add_rule({.fault = std::move(fault), .times = times});
  }

  static ChatRequest question() { return {.messages = {Message::user("Why is the sky blue?")}}; }

  /// The error of a stream; checks that it comes once and last.
  Error stream_error(std::map<std::string, std::string> extra = {}) {
    std::vector<Error> errors;
    deltas_ = 0;
    for (const auto& event : client(0, std::move(extra)).stream_chat_completion(question())) {
      EXPECT_TRUE(errors.empty()) << "something follows the error";
      EXPECT_FALSE(event.is_done());
      if (event.is_delta()) ++deltas_;
      if (event.is_error()) errors.push_back(event.error());
    }
    EXPECT_EQ(errors.size(), 1U);
    return errors.empty() ? Error{} : errors.front();
  }

  Error whole_error(std::map<std::string, std::string> extra = {}) {
    const auto response = client(0, std::move(extra)).chat_completion(question());
    EXPECT_FALSE(response);
    return response ? Error{} : response.error();
  }

  /// One call against a server with this fault alone.
  void expect(ErrorCode code, const Fault& fault, const std::function<Error()>& call) {
    server_.clear();
    break_with(fault);

    const Error error = call();

    EXPECT_EQ(error.code, code) << fault_name(fault) << ": " << error.message;
    EXPECT_EQ(server_.faults(), (Counts{{fault_name(fault), 1}}));
  }

  local::Server server_ = *local::Server::start();
  int deltas_ = 0;
};

// Source: docs/errors.md.
const std::vector<std::pair<std::string, ErrorCode>> kExceptions{
    {"AccessDeniedException", ErrorCode::model_not_found},
    {"ConflictException", ErrorCode::invalid_request_error},
    {"InternalServerException", ErrorCode::server_error},
    {"ModelErrorException", ErrorCode::model_error},
    {"ModelNotReadyException", ErrorCode::model_not_ready},
    {"ModelStreamErrorException", ErrorCode::model_error},
    {"ModelTimeoutException", ErrorCode::timeout_error},
    {"ResourceNotFoundException", ErrorCode::model_not_found},
    {"ServiceQuotaExceededException", ErrorCode::quota_exceeded_error},
    {"ServiceUnavailableException", ErrorCode::server_error},
    {"ThrottlingException", ErrorCode::rate_limit_error},
    {"ValidationException", ErrorCode::invalid_request_error},
    {"ExpiredTokenException", ErrorCode::authentication_error},
    {"UnrecognizedClientException", ErrorCode::authentication_error},
    {"InvalidSignatureException", ErrorCode::authentication_error},
    {"MissingAuthenticationTokenException", ErrorCode::authentication_error},
};

TEST_F(FaultsLocalTest, gives_every_exception_in_place_of_an_answer_its_code) {
  for (const auto& [name, code] : kExceptions) {
    server_.clear();
    break_with(fault::Exception{.name = name});

    const Error whole = whole_error();
    const Error streamed = stream_error();

    EXPECT_EQ(whole.code, code) << name << ": " << whole.message;
    EXPECT_EQ(whole.service_code, name);
    EXPECT_EQ(streamed.code, code) << name << ": " << streamed.message;
    EXPECT_EQ(deltas_, 0) << name;
    EXPECT_EQ(server_.faults(), (Counts{{name, 2}}));
  }
}

TEST_F(FaultsLocalTest, gives_every_exception_inside_a_stream_its_code) {
  for (const auto& [name, code] : kExceptions) {
    server_.clear();
    break_with(fault::Exception{.name = name, .after_events = 4});

    const Error error = stream_error();

    EXPECT_EQ(error.code, code) << name << ": " << error.message;
    EXPECT_EQ(error.status_code, 200) << name;
    EXPECT_GT(deltas_, 0) << name;
    EXPECT_EQ(server_.faults(), (Counts{{name, 1}}));
  }
}

TEST_F(FaultsLocalTest, reports_a_stream_that_is_cut_damaged_or_ends_with_an_error) {
  const std::vector<std::pair<Fault, ErrorCode>> cases{
      {fault::Truncation{.after_bytes = 700}, ErrorCode::stream_error},
      {fault::Truncation{700, fault::HttpEnd::proper}, ErrorCode::stream_error},
      {fault::DamagedChecksum{.after_events = 4}, ErrorCode::stream_error},
      {fault::Reset{.after_bytes = 700}, ErrorCode::stream_error},
      {fault::EmptyReply{}, ErrorCode::stream_error},
      {fault::ErrorMessage{.message = "no more", .after_events = 4}, ErrorCode::server_error},
  };
  for (const auto& [fault, code] : cases) {
    expect(code, fault, [this] { return stream_error(); });
  }
}

TEST_F(FaultsLocalTest, reports_a_whole_answer_that_is_cut_or_missing) {
  const std::vector<std::pair<Fault, ErrorCode>> cases{
      {fault::Truncation{.after_bytes = 50}, ErrorCode::connection_error},
      {fault::Truncation{50, fault::HttpEnd::proper}, ErrorCode::model_error},
      {fault::Reset{}, ErrorCode::connection_error},
      {fault::Reset{.after_bytes = 50}, ErrorCode::connection_error},
      {fault::EmptyReply{}, ErrorCode::model_error},
  };
  for (const auto& [fault, code] : cases) {
    expect(code, fault, [this] { return whole_error(); });
  }
}

TEST_F(FaultsLocalTest, sees_through_html_and_through_errors_that_look_like_success) {
  break_with(fault::HtmlPage{}, 2);
  break_with(fault::ErrorInSuccess{}, 2);

  const Error whole_page = whole_error();
  const Error stream_page = stream_error();
  const Error whole_wrong = whole_error();
  const Error stream_wrong = stream_error();

  EXPECT_EQ(whole_page.code, ErrorCode::server_error);
  EXPECT_EQ(whole_page.status_code, 503);
  EXPECT_EQ(stream_page.code, ErrorCode::server_error);
  EXPECT_EQ(whole_wrong.code, ErrorCode::configuration_error) << whole_wrong.message;
  EXPECT_EQ(stream_wrong.code, ErrorCode::configuration_error) << stream_wrong.message;
  EXPECT_EQ(server_.faults(), (Counts{{"html_page", 2}, {"error_in_success", 2}}));
}

TEST_F(FaultsLocalTest, gives_up_on_a_stall_and_on_a_slow_first_byte) {
  break_with(fault::Stall{.after_events = 4}, 1);
  break_with(fault::Stall{}, 1);
  break_with(fault::SlowFirstByte{std::chrono::hours(1)});

  const Error stalled = stream_error({{"idle_timeout_ms", "50"}});
  const Error stalled_whole = whole_error({{"idle_timeout_ms", "50"}});
  const Error slow = stream_error({{"first_byte_timeout_ms", "50"}});

  EXPECT_EQ(stalled.code, ErrorCode::timeout_error) << stalled.message;
  EXPECT_EQ(stalled_whole.code, ErrorCode::timeout_error) << stalled_whole.message;
  EXPECT_EQ(slow.code, ErrorCode::timeout_error) << slow.message;
  EXPECT_EQ(server_.faults(), (Counts{{"stall", 2}, {"slow_first_byte", 1}}));
}

TEST_F(FaultsLocalTest, waits_out_a_short_stall) {
  break_with(fault::Stall{4, milliseconds(30)});

  const auto response = client().stream_chat_completion(question()).collect();

  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(server_.faults(), (Counts{{"stall", 1}}));
}

TEST_F(FaultsLocalTest, tries_again_after_throttling_a_gateway_and_a_reset) {
  break_with(fault::Exception{.name = "ThrottlingException", .retry_after = milliseconds(1)}, 1);
  break_with(fault::HtmlPage{}, 1);
  break_with(fault::Reset{}, 1);

  const auto response = client(3).chat_completion(question());

  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->details.attempts, 4);
  EXPECT_EQ(server_.faults(), (Counts{{"ThrottlingException", 1}, {"html_page", 1}, {"reset", 1}}));
}

TEST_F(FaultsLocalTest, reports_keys_that_expire_in_the_middle_of_a_run) {
  server_.add_rule({.match = {.access_key_id = "local"},
                    .fault = fault::Exception{.name = "ExpiredTokenException"},
                    .skip = 1});
  const Client one = client(2);

  const auto first = one.chat_completion(question());
  const auto second = one.chat_completion(question());

  EXPECT_TRUE(first);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::authentication_error);
  EXPECT_EQ(second.error().service_code, "ExpiredTokenException");
}

TEST_F(FaultsLocalTest, reports_a_clock_that_is_wrong) {
  break_with(fault::ClockOffset{std::chrono::minutes(-10)});

  const Error error = whole_error();

  EXPECT_EQ(error.code, ErrorCode::authentication_error);
  EXPECT_GE(server_.faults()["clock_offset"], 1U);
}

TEST_F(FaultsLocalTest, brings_a_scripted_answer_whole_and_streamed) {
  server_.add_rule(
      {.match = {.prompt = "weather", .model = "haiku"},
       .completion = local::ScriptedCompletion{
           .text = "Let me look.",
           .tool_calls = {{"get_weather", Json::from_valid_text(R"({"city":"Oslo"})")}}}});
  const ChatRequest request{
      .messages = {Message::user("How is the weather?")},
      .tools = {{.name = "get_weather", .parameters = *Json::parse(R"({"type":"object"})")}}};

  const auto whole = client().chat_completion(request);
  const auto streamed = client().stream_chat_completion(request).collect();

  for (const auto* response : {&whole, &streamed}) {
    ASSERT_TRUE(*response) << response->error().message;
    EXPECT_EQ((*response)->text(), "Let me look.");
    EXPECT_EQ((*response)->choices.at(0).finish_reason, FinishReason::tool_calls);
    const auto calls = (*response)->choices.at(0).message.tool_calls();
    ASSERT_EQ(calls.size(), 1U);
    EXPECT_EQ(calls[0].arguments.text(), R"({"city":"Oslo"})");
  }
}

}  // namespace
}  // namespace llm
