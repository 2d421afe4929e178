#include "bedrock/call/stream_pump.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include <llm/testing.hpp>

#include "bedrock/async/loop_stream.hpp"
#include "tests/support/drivers.hpp"
#include "tests/support/scripted_system.hpp"
#include "tests/support/virtual_loop.hpp"

namespace llm::bedrock {
namespace {

using Headers = std::vector<std::pair<std::string_view, std::string_view>>;

std::string frame(const Headers& headers, std::string_view payload) {
  std::string bytes;
  aws::append_event_message(headers, payload, bytes);
  return bytes;
}

std::string event(std::string_view type, std::string_view payload = "{}") {
  return frame({{":event-type", type}, {":message-type", "event"}}, payload);
}

std::string exception(std::string_view type, std::string_view payload) {
  return frame({{":exception-type", type}, {":message-type", "exception"}}, payload);
}

/// Decodes three events: `text` becomes a delta of its payload, `stop` a Done, `bad` an error.
class FakeDecoder final : public StreamDecoder {
 public:
  Result<void> on_event(const aws::EventMessage& incoming, std::vector<StreamEvent>& out) override {
    const std::string_view type = incoming.header(":event-type");
    if (type == "text") out.emplace_back(Delta{.content = TextDelta{make_text(incoming.payload)}});
    if (type == "stop") out.emplace_back(Done{.finish_reason = FinishReason::stop});
    if (type == "bad")
      return std::unexpected(make_error(ErrorCode::stream_error, "The event is bad."));
    return {};
  }
  Result<void> finish(std::vector<StreamEvent>&) override {
    return std::unexpected(make_error(ErrorCode::stream_error, "Incomplete."));
  }
};

struct Outcome {
  std::string text;
  std::vector<Done> done;
  std::vector<Error> errors;
  bool error_or_done_was_last = false;
};

StreamDecoding decoding() {
  StreamDecoding decoding;
  decoding.decoder = std::make_unique<FakeDecoder>();
  decoding.context = {.operation = "ConverseStream", .region = "us-west-2"};
  decoding.complete = [](Done& done, const Response&) { done.model = "m"; };
  return decoding;
}

StreamCall call_over(const Transport& transport) {
  StreamCall call;
  call.decoding = decoding();
  call.send = [&]() -> Result<Response> {
    auto exchange = transport.send({}, {});
    return Response{.exchange = std::move(*exchange)};
  };
  return call;
}

Task<Result<OpenedStream>> open_over(loop::AsyncTransport& transport) {
  auto exchange = transport.start({});
  co_return OpenedStream{.decoding = decoding(),
                         .sent = with_exchange(Response{}, std::move(*exchange))};
}

void take(const StreamEvent& event, Outcome& outcome) {
  outcome.error_or_done_was_last = !event.is_delta();
  if (event.is_delta()) outcome.text += event.delta().text();
  if (event.is_done()) outcome.done.push_back(event.done());
  if (event.is_error()) outcome.errors.push_back(event.error());
}

Outcome read_blocking(const Transport& transport) {
  StreamPump pump([&] { return call_over(transport); });
  Outcome outcome;
  while (const StreamEvent* next = pump.next()) take(*next, outcome);
  EXPECT_FALSE(pump.next()) << "an ended stream stays ended";
  return outcome;
}

Outcome read_on_loop(std::shared_ptr<const Transport> transport) {
  test_support::VirtualLoop loop(std::make_shared<port::ScriptedSystem>());
  test_support::ReadyTransport ready(std::move(transport));
  LoopStream stream(loop.core(), open_over(ready));
  Outcome outcome;
  EXPECT_TRUE(loop.run_until([&] {
    while (const StreamEvent* next = stream.try_next()) take(*next, outcome);
    return stream.is_over();
  }));
  EXPECT_FALSE(stream.try_next()) << "an ended stream stays ended";
  return outcome;
}

/// How a stream ends, whoever drives it.
class StreamEndTest : public ::testing::TestWithParam<DriverKind> {
 protected:
  Outcome run(std::vector<std::string> reads, std::optional<Error> read_failure = std::nullopt) {
    auto transport = std::make_shared<testing::ScriptedTransport>();
    transport->expect({.headers = {{"x-amzn-requestid", request_id_}},
                       .body = std::move(reads),
                       .read_failure = std::move(read_failure)});
    if (GetParam() == DriverKind::blocking) return read_blocking(*transport);
    return read_on_loop(transport);
  }

  std::string request_id_ = "r-1";
};

INSTANTIATE_TEST_SUITE_P(Drivers, StreamEndTest,
                         ::testing::Values(DriverKind::blocking, DriverKind::loop), driver_name);

const std::string kWhole = event("text", "Hel") + event("text", "lo") + event("stop");

void expect_one_error(const Outcome& outcome, ErrorCode code) {
  ASSERT_EQ(outcome.errors.size(), 1U);
  EXPECT_EQ(outcome.errors.front().code, code) << outcome.errors.front().message;
  EXPECT_EQ(outcome.errors.front().request_id, "r-1");
  EXPECT_TRUE(outcome.done.empty());
  EXPECT_TRUE(outcome.error_or_done_was_last);
}

TEST_P(StreamEndTest, gives_deltas_and_then_one_done) {
  const Outcome outcome = run({kWhole});

  EXPECT_EQ(outcome.text, "Hello");
  ASSERT_EQ(outcome.done.size(), 1U);
  EXPECT_EQ(outcome.done.front().model, "m");
  EXPECT_TRUE(outcome.errors.empty());
}

TEST(StreamPump, reuses_the_buffer_of_the_previous_text) {
  const std::string first(100, 'a');
  const std::string second(100, 'b');
  testing::ScriptedTransport transport;
  transport.expect({.body = {event("text", first) + event("text", second)}});
  StreamPump pump([&] { return call_over(transport); });

  const StreamEvent* next = pump.next();
  ASSERT_TRUE(next != nullptr && next->is_delta());
  const StreamEvent kept = *next;
  const char* const buffer = next->delta().text().data();
  next = pump.next();

  ASSERT_TRUE(next != nullptr && next->is_delta());
  EXPECT_EQ(next->delta().text(), second);
  EXPECT_EQ(next->delta().text().data(), buffer);
  EXPECT_EQ(kept.delta().text(), first);
}

TEST_P(StreamEndTest, never_ends_in_done_when_cut_at_any_byte) {
  for (std::size_t length = 0; length < kWhole.size(); ++length) {
    const Outcome outcome = run({kWhole.substr(0, length)});
    expect_one_error(outcome, ErrorCode::stream_error);
    EXPECT_TRUE(std::string("Hello").starts_with(outcome.text));
  }
}

TEST_P(StreamEndTest, ends_with_an_error_when_any_bit_is_damaged) {
  for (std::size_t position = 0; position < kWhole.size(); ++position) {
    std::string damaged = kWhole;
    damaged[position] = static_cast<char>(damaged[position] ^ 0x10);
    expect_one_error(run({damaged}), ErrorCode::stream_error);
  }
}

TEST_P(StreamEndTest, hands_out_deltas_before_an_exception) {
  const Outcome outcome =
      run({event("text", "Hel") + exception("throttlingException", R"({"message":"slow down"})")});

  EXPECT_EQ(outcome.text, "Hel");
  expect_one_error(outcome, ErrorCode::rate_limit_error);
}

TEST_P(StreamEndTest, reports_exceptions_of_unknown_names) {
  const Outcome outcome = run({exception("somethingNewException", R"({"message":"?"})")});

  ASSERT_EQ(outcome.errors.size(), 1U);
  EXPECT_EQ(outcome.errors.front().code, ErrorCode::server_error);
  EXPECT_NE(outcome.errors.front().message.find("SomethingNewException"), std::string::npos)
      << outcome.errors.front().message;
}

TEST_P(StreamEndTest, reports_error_frames) {
  const Outcome outcome = run({frame({{":message-type", "error"},
                                      {":error-code", "InternalServerException"},
                                      {":error-message", "it broke"}},
                                     "")});

  expect_one_error(outcome, ErrorCode::server_error);
  EXPECT_NE(outcome.errors.front().message.find("it broke"), std::string::npos);
}

TEST_P(StreamEndTest, refuses_a_frame_without_a_type) {
  expect_one_error(run({frame({{":event-type", "text"}}, "x")}), ErrorCode::stream_error);
}

TEST_P(StreamEndTest, skips_events_of_unknown_kinds) {
  const Outcome outcome = run({event("initial-response") + event("novelty") + kWhole});

  EXPECT_EQ(outcome.text, "Hello");
  EXPECT_EQ(outcome.done.size(), 1U);
}

TEST_P(StreamEndTest, reports_an_error_of_the_decoder_with_its_context) {
  const Outcome outcome = run({event("text", "a") + event("bad")});

  expect_one_error(outcome, ErrorCode::stream_error);
  EXPECT_EQ(outcome.errors.front().message, "ConverseStream in us-west-2: The event is bad.");
}

TEST_P(StreamEndTest, notices_damage_after_the_stop) {
  std::string tail = event("text", "x");
  tail.back() = static_cast<char>(tail.back() ^ 1);

  expect_one_error(run({kWhole + tail}), ErrorCode::stream_error);
}

TEST_P(StreamEndTest, notices_an_exception_after_the_stop) {
  expect_one_error(run({kWhole, exception("internalServerException", "{}")}),
                   ErrorCode::server_error);
}

TEST_P(StreamEndTest, is_complete_although_the_connection_breaks_after_the_stop) {
  const Outcome outcome = run({kWhole}, make_error(ErrorCode::connection_error, "reset"));

  EXPECT_EQ(outcome.done.size(), 1U);
  EXPECT_TRUE(outcome.errors.empty());
}

TEST_P(StreamEndTest, is_not_complete_with_part_of_a_frame_after_the_stop) {
  const std::string half = event("text", "more").substr(0, 20);

  expect_one_error(run({kWhole + half}), ErrorCode::stream_error);
  expect_one_error(run({kWhole + half}, make_error(ErrorCode::connection_error, "reset")),
                   ErrorCode::stream_error);
}

struct Truncation {
  std::string name;
  std::string body;
  std::optional<Error> read_failure{};
  std::string cause{};
};

TEST_P(StreamEndTest, has_one_message_for_each_truncation) {
  const Truncation rows[] = {
      {"empty", ""},
      {"between_frames", event("text", "a")},
      {"inside_a_frame", event("text", "a").substr(0, 20)},
      {.name = "by_a_reset",
       .body = event("text", "a"),
       .read_failure = make_error(ErrorCode::connection_error, "The connection was reset."),
       .cause = " The connection was reset."}};
  for (const Truncation& row : rows) {
    SCOPED_TRACE(row.name);

    const Outcome outcome = run({row.body}, row.read_failure);

    expect_one_error(outcome, ErrorCode::stream_error);
    EXPECT_EQ(outcome.errors.front().message,
              "ConverseStream in us-west-2: The stream ended before the response was complete." +
                  row.cause);
    EXPECT_EQ(outcome.errors.front().advice,
              "Send the request again. If this happens repeatedly, check for proxies between here "
              "and the endpoint.");
  }
}

TEST_P(StreamEndTest, passes_on_a_time_limit) {
  expect_one_error(run({event("text", "a")}, make_error(ErrorCode::timeout_error, "idle")),
                   ErrorCode::timeout_error);
}

TEST_P(StreamEndTest, drops_a_malformed_request_id) {
  request_id_ = "\x1b]0;owned\x07";

  const Outcome outcome = run({"x"});

  ASSERT_EQ(outcome.errors.size(), 1U);
  EXPECT_EQ(outcome.errors.front().request_id, "");
}

// Gives one event, throws, and then ends as a cut connection does.
class ThrowingExchange final : public HttpExchange {
 public:
  const HttpResponseHead& head() const override { return head_; }
  Result<std::string_view> read_some() override {
    switch (++calls_) {
      case 1:
        return event_;
      case 2:
        throw std::bad_alloc();
      default:
        return std::string_view();
    }
  }

 private:
  HttpResponseHead head_{.status = 200};
  std::string event_ = event("text", "a");
  int calls_ = 0;
};

TEST(StreamPump, lets_exceptions_through_and_resumes_where_it_was) {
  StreamPump pump([] {
    StreamCall call;
    call.decoding.decoder = std::make_unique<FakeDecoder>();
    call.decoding.context = {.operation = "ConverseStream"};
    call.send = []() -> Result<Response> {
      return Response{.exchange = std::make_unique<ThrowingExchange>()};
    };
    return call;
  });

  const StreamEvent* const first = pump.next();
  ASSERT_NE(first, nullptr);
  EXPECT_TRUE(first->is_delta());
  EXPECT_THROW(pump.next(), std::bad_alloc);
  const StreamEvent* const last = pump.next();

  ASSERT_NE(last, nullptr);
  EXPECT_TRUE(last->is_error());
  EXPECT_EQ(pump.next(), nullptr);
}

TEST(StreamPump, has_ended_when_its_call_could_not_be_made) {
  StreamPump pump([]() -> StreamCall { throw std::bad_alloc(); });

  EXPECT_THROW(pump.next(), std::bad_alloc);

  EXPECT_EQ(pump.next(), nullptr);
}

TEST(StreamPump, sends_nothing_before_it_is_read) {
  bool sent = false;
  StreamCall call;
  call.send = [&]() -> Result<Response> {
    sent = true;
    return std::unexpected(make_error(ErrorCode::connection_error, "no"));
  };
  StreamPump pump([&] { return std::move(call); });
  EXPECT_FALSE(sent);

  const StreamEvent* const first = pump.next();

  EXPECT_TRUE(sent);
  ASSERT_NE(first, nullptr);
  EXPECT_TRUE(first->is_error());
  EXPECT_FALSE(pump.next());
}

}  // namespace
}  // namespace llm::bedrock
