// How the client handles every fault of the local Bedrock, over real HTTP.

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
using ::testing::StartsWith;
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
      EXPECT_TRUE(errors.empty()) << "an event after the error";
      EXPECT_FALSE(event.is_done());
      if (event.is_delta()) ++deltas_;
      if (event.is_error()) errors.push_back(event.error());
    }
    EXPECT_EQ(errors.size(), 1U);
    return errors.empty() ? Error{} : errors.front();
  }

  Error buffered_error(std::map<std::string, std::string> extra = {}) {
    const auto response = client(0, std::move(extra)).chat_completion(question());
    EXPECT_FALSE(response);
    return response ? Error{} : response.error();
  }

  /// The error of one call to a server with this fault alone.
  Error expect(ErrorCode code, const Fault& fault, const std::function<Error()>& call) {
    server_.clear();
    break_with(fault);

    const Error error = call();

    EXPECT_EQ(error.code, code) << fault_name(fault) << ": " << error.message;
    EXPECT_EQ(server_.faults(), (Counts{{fault_name(fault), 1}}));
    return error;
  }

  local::Server server_ = *local::Server::start();
  int deltas_ = 0;
};

using ExceptionCase = std::pair<std::string, ErrorCode>;

class ExceptionsLocalTest : public FaultsLocalTest,
                            public ::testing::WithParamInterface<ExceptionCase> {};

TEST_P(ExceptionsLocalTest, have_their_code_as_a_response) {
  const auto& [name, code] = GetParam();
  break_with(fault::Exception{.name = name});

  const Error buffered = buffered_error();
  const Error streamed = stream_error();

  EXPECT_EQ(buffered.code, code) << buffered.message;
  EXPECT_EQ(buffered.service_code, name);
  EXPECT_EQ(streamed.code, code) << streamed.message;
  EXPECT_EQ(deltas_, 0);
  EXPECT_EQ(server_.faults(), (Counts{{name, 2}}));
}

TEST_P(ExceptionsLocalTest, have_their_code_inside_a_stream) {
  const auto& [name, code] = GetParam();
  break_with(fault::Exception{.name = name, .after_events = 4});

  const Error error = stream_error();

  EXPECT_EQ(error.code, code) << error.message;
  EXPECT_EQ(error.status_code, 200);
  EXPECT_GT(deltas_, 0);
  EXPECT_EQ(server_.faults(), (Counts{{name, 1}}));
}

// Source: docs/errors.md.
INSTANTIATE_TEST_SUITE_P(
    FaultsLocal, ExceptionsLocalTest,
    ::testing::Values(
        ExceptionCase{"AccessDeniedException", ErrorCode::model_not_found},
        ExceptionCase{"ConflictException", ErrorCode::invalid_request_error},
        ExceptionCase{"InternalServerException", ErrorCode::server_error},
        ExceptionCase{"ModelErrorException", ErrorCode::model_error},
        ExceptionCase{"ModelNotReadyException", ErrorCode::model_not_ready},
        ExceptionCase{"ModelStreamErrorException", ErrorCode::model_error},
        ExceptionCase{"ModelTimeoutException", ErrorCode::timeout_error},
        ExceptionCase{"ResourceNotFoundException", ErrorCode::model_not_found},
        ExceptionCase{"ServiceQuotaExceededException", ErrorCode::quota_exceeded_error},
        ExceptionCase{"ServiceUnavailableException", ErrorCode::server_error},
        ExceptionCase{"ThrottlingException", ErrorCode::rate_limit_error},
        ExceptionCase{"ValidationException", ErrorCode::invalid_request_error},
        ExceptionCase{"ExpiredTokenException", ErrorCode::authentication_error},
        ExceptionCase{"UnrecognizedClientException", ErrorCode::authentication_error},
        ExceptionCase{"InvalidSignatureException", ErrorCode::authentication_error},
        ExceptionCase{"MissingAuthenticationTokenException", ErrorCode::authentication_error}),
    [](const auto& test) { return test.param.first; });

TEST_F(FaultsLocalTest, reports_a_damaged_stream_and_one_that_ends_with_an_error) {
  const std::vector<std::pair<Fault, ErrorCode>> cases{
      {fault::DamagedChecksum{.after_events = 4}, ErrorCode::stream_error},
      {fault::ErrorMessage{.message = "no more", .after_events = 4}, ErrorCode::server_error},
  };
  for (const auto& [fault, code] : cases) {
    expect(code, fault, [this] { return stream_error(); });
  }
}

TEST_F(FaultsLocalTest, reports_each_truncated_stream_with_the_same_words) {
  const std::vector<Fault> cases{fault::Truncation{.after_bytes = 700},
                                 fault::Truncation{700, fault::HttpEnd::proper},
                                 fault::Reset{.after_bytes = 700}, fault::EmptyReply{}};
  for (const Fault& fault : cases) {
    const Error error = expect(ErrorCode::stream_error, fault, [this] { return stream_error(); });

    EXPECT_THAT(error.message,
                StartsWith("InvokeModelWithResponseStream of "
                           "\"anthropic.claude-3-haiku-20240307-v1:0\" in us-east-1: The stream "
                           "ended before the response was complete."));
    EXPECT_THAT(error.advice, StartsWith("Send the request again."));
  }
}

TEST_F(FaultsLocalTest, reports_a_buffered_response_that_is_cut_or_missing) {
  const std::vector<std::pair<Fault, ErrorCode>> cases{
      {fault::Truncation{.after_bytes = 50}, ErrorCode::connection_error},
      {fault::Truncation{50, fault::HttpEnd::proper}, ErrorCode::model_error},
      {fault::Reset{}, ErrorCode::connection_error},
      {fault::Reset{.after_bytes = 50}, ErrorCode::connection_error},
      {fault::EmptyReply{}, ErrorCode::model_error},
  };
  for (const auto& [fault, code] : cases) {
    expect(code, fault, [this] { return buffered_error(); });
  }
}

TEST_F(FaultsLocalTest, recognises_html_and_errors_with_status_200) {
  break_with(fault::HtmlPage{}, 2);
  break_with(fault::ErrorInSuccess{}, 2);

  const Error buffered_page = buffered_error();
  const Error stream_page = stream_error();
  const Error buffered_wrong = buffered_error();
  const Error stream_wrong = stream_error();

  EXPECT_EQ(buffered_page.code, ErrorCode::server_error);
  EXPECT_EQ(buffered_page.status_code, 503);
  EXPECT_EQ(stream_page.code, ErrorCode::server_error);
  EXPECT_EQ(buffered_wrong.code, ErrorCode::configuration_error) << buffered_wrong.message;
  EXPECT_EQ(stream_wrong.code, ErrorCode::configuration_error) << stream_wrong.message;
  EXPECT_EQ(server_.faults(), (Counts{{"html_page", 2}, {"error_in_success", 2}}));
}

TEST_F(FaultsLocalTest, gives_up_on_a_stall_and_on_a_slow_first_byte) {
  break_with(fault::Stall{.after_events = 4}, 1);
  break_with(fault::Stall{}, 1);
  break_with(fault::SlowFirstByte{std::chrono::hours(1)});

  const Error stalled = stream_error({{"idle_timeout_ms", "50"}});
  const Error stalled_buffered = buffered_error({{"idle_timeout_ms", "50"}});
  const Error slow = stream_error({{"first_byte_timeout_ms", "50"}});

  EXPECT_EQ(stalled.code, ErrorCode::timeout_error) << stalled.message;
  EXPECT_EQ(stalled_buffered.code, ErrorCode::timeout_error) << stalled_buffered.message;
  EXPECT_EQ(slow.code, ErrorCode::timeout_error) << slow.message;
  EXPECT_EQ(server_.faults(), (Counts{{"stall", 2}, {"slow_first_byte", 1}}));
}

TEST_F(FaultsLocalTest, waits_out_a_short_stall) {
  break_with(fault::Stall{4, milliseconds(30)});

  const auto response = client().stream_chat_completion(question()).collect();

  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(server_.faults(), (Counts{{"stall", 1}}));
}

TEST_F(FaultsLocalTest, retries_after_throttling_a_gateway_and_a_reset) {
  break_with(fault::Exception{.name = "ThrottlingException", .retry_after = milliseconds(1)}, 1);
  break_with(fault::HtmlPage{}, 1);
  break_with(fault::Reset{}, 1);

  const auto response = client(3).chat_completion(question());

  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->details.attempts, 4);
  EXPECT_EQ(server_.faults(), (Counts{{"ThrottlingException", 1}, {"html_page", 1}, {"reset", 1}}));
}

TEST_F(FaultsLocalTest, reports_credentials_that_expire_between_calls) {
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

TEST_F(FaultsLocalTest, reports_a_wrong_clock) {
  break_with(fault::ClockOffset{std::chrono::minutes(-10)});

  const Error error = buffered_error();

  EXPECT_EQ(error.code, ErrorCode::authentication_error);
  EXPECT_GE(server_.faults()["clock_offset"], 1U);
}

TEST_F(FaultsLocalTest, receives_a_scripted_completion_buffered_and_streaming) {
  server_.add_rule(
      {.match = {.prompt = "weather", .model = "haiku"},
       .completion = local::ScriptedCompletion{
           .text = "Let me look.",
           .tool_calls = {{"get_weather", Json::from_valid_text(R"({"city":"Oslo"})")}}}});
  const ChatRequest request{
      .messages = {Message::user("How is the weather?")},
      .tools = {{.name = "get_weather", .parameters = *Json::parse(R"({"type":"object"})")}}};

  const auto buffered = client().chat_completion(request);
  const auto streamed = client().stream_chat_completion(request).collect();

  for (const auto* response : {&buffered, &streamed}) {
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
