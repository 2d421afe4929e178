#include "local/script/faults.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "local/frontend/exceptions.hpp"
#include "local/test_support.hpp"

namespace llm::local {
namespace {

using std::chrono::milliseconds;
using ::testing::StartsWith;

/// A stream of three events.
Reply stream() {
  Reply reply{.streamed = true};
  constexpr std::array<std::pair<std::string_view, std::string_view>, 1> kHeaders{
      {{":message-type", "event"}}};
  for (const std::string_view payload : {"one", "two", "three"}) {
    Frame frame;
    aws::append_event_message(kHeaders, payload, frame.bytes);
    reply.frames.push_back(std::move(frame));
  }
  return reply;
}

Reply buffered() {
  return {.headers = {{"Content-Type", "application/json"}}, .body = "{\"a\":1}"};
}

Reply with(const Fault& fault, Reply reply) {
  EXPECT_TRUE(apply_fault(fault, reply)) << fault_name(fault);
  return reply;
}

std::string joined(const Reply& reply) {
  std::string all;
  for (const Frame& frame : reply.frames) all += frame.bytes;
  return all;
}

TEST(Faults, are_counted_by_exception_or_kind) {
  EXPECT_EQ(fault_name(fault::Exception{.name = "ThrottlingException"}), "ThrottlingException");
  EXPECT_EQ(fault_name(fault::ErrorMessage{}), "error_message");
  EXPECT_EQ(fault_name(fault::Truncation{}), "truncation");
  EXPECT_EQ(fault_name(fault::DamagedChecksum{}), "damaged_checksum");
  EXPECT_EQ(fault_name(fault::Stall{}), "stall");
  EXPECT_EQ(fault_name(fault::SlowFirstByte{}), "slow_first_byte");
  EXPECT_EQ(fault_name(fault::Reset{}), "reset");
  EXPECT_EQ(fault_name(fault::EmptyReply{}), "empty_reply");
  EXPECT_EQ(fault_name(fault::HtmlPage{}), "html_page");
  EXPECT_EQ(fault_name(fault::ErrorInSuccess{}), "error_in_success");
  EXPECT_EQ(fault_name(fault::ClockOffset{}), "clock_offset");
}

/// An exception and the status that AWS gives it.
struct ExceptionRow {
  std::string name;
  int status;

  friend void PrintTo(const ExceptionRow& row, std::ostream* out) { *out << row.name; }
};

class ExceptionFault : public ::testing::TestWithParam<ExceptionRow> {};

TEST_P(ExceptionFault, has_the_status_and_message_of_aws) {
  const ExceptionRow& row = GetParam();

  const Reply reply = with(fault::Exception{.name = row.name}, stream());

  EXPECT_EQ(reply.status, row.status);
  EXPECT_FALSE(reply.streamed);
  EXPECT_THAT(test::header(reply, "x-amzn-ErrorType"), StartsWith(row.name + ":http://"));
  EXPECT_EQ(test::message_of(reply), exception_text(row.name).message);
  EXPECT_EQ(test::header(reply, "x-amz-retry-after"), "");
}

// Source: botocore, service-2.json of bedrock-runtime; the last four are AWS's front end's.
INSTANTIATE_TEST_SUITE_P(
    , ExceptionFault,
    ::testing::Values(
        ExceptionRow{"AccessDeniedException", 403}, ExceptionRow{"ConflictException", 400},
        ExceptionRow{"InternalServerException", 500}, ExceptionRow{"ModelErrorException", 424},
        ExceptionRow{"ModelNotReadyException", 429}, ExceptionRow{"ModelStreamErrorException", 424},
        ExceptionRow{"ModelTimeoutException", 408}, ExceptionRow{"ResourceNotFoundException", 404},
        ExceptionRow{"ServiceQuotaExceededException", 400},
        ExceptionRow{"ServiceUnavailableException", 503}, ExceptionRow{"ThrottlingException", 429},
        ExceptionRow{"ValidationException", 400}, ExceptionRow{"ExpiredTokenException", 403},
        ExceptionRow{"UnrecognizedClientException", 403},
        ExceptionRow{"InvalidSignatureException", 403},
        ExceptionRow{"MissingAuthenticationTokenException", 403}),
    test::RowName{});

TEST(Faults, raise_an_exception_as_scripted) {
  const Reply reply = with(fault::Exception{.name = "NewException",
                                            .message = "Not today.",
                                            .status = 418,
                                            .retry_after = milliseconds(1500)},
                           buffered());

  EXPECT_EQ(reply.status, 418);
  EXPECT_EQ(reply.body, R"({"message":"Not today."})");
  EXPECT_EQ(test::header(reply, "x-amz-retry-after"), "1500");
  EXPECT_THAT(test::header(reply, "x-amzn-ErrorType"), StartsWith("NewException:"));
}

TEST(Faults, end_a_stream_with_an_exception_under_the_name_of_its_member) {
  const Reply reply =
      with(fault::Exception{.name = "ThrottlingException", .after_events = 2}, stream());

  const std::vector<test::Event> events = test::events_of(reply);
  const std::vector<std::pair<std::string, std::string>> headers{
      {":exception-type", "throttlingException"},
      {":content-type", "application/json"},
      {":message-type", "exception"}};
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(events[1].payload, "two");
  EXPECT_EQ(events[2].headers, headers);
  EXPECT_EQ(events[2].payload,
            R"({"message":"Too many requests, please wait before trying again."})");
}

TEST(Faults, replace_a_buffered_reply_by_an_exception_for_a_stream) {
  const Reply reply =
      with(fault::Exception{.name = "ThrottlingException", .after_events = 2}, buffered());

  EXPECT_EQ(reply.status, 429);
}

TEST(Faults, end_a_stream_with_an_error_message) {
  const Reply reply =
      with(fault::ErrorMessage{.code = "Oops", .message = "no", .after_events = 9}, stream());

  const std::vector<test::Event> events = test::events_of(reply);
  const std::vector<std::pair<std::string, std::string>> headers{
      {":error-code", "Oops"}, {":error-message", "no"}, {":message-type", "error"}};
  ASSERT_EQ(events.size(), 4U);
  EXPECT_EQ(events[3].headers, headers);
  EXPECT_EQ(events[3].payload, "");
}

TEST(Faults, truncate_with_and_without_the_end_of_http) {
  const Reply missing = with(fault::Truncation{.after_bytes = 5}, stream());
  const Reply proper = with(fault::Truncation{5, fault::HttpEnd::proper}, stream());
  const Reply body = with(fault::Truncation{5, fault::HttpEnd::proper}, buffered());

  EXPECT_EQ(missing.plan.cut, Cut::close);
  EXPECT_EQ(missing.plan.cut_after, 5U);
  EXPECT_EQ(missing.frames.size(), 3U);
  EXPECT_EQ(proper.plan.cut, Cut::none);
  EXPECT_EQ(joined(proper), joined(stream()).substr(0, 5));
  EXPECT_EQ(body.body, R"({"a":)");
}

TEST(Faults, do_nothing_when_they_cut_after_the_end_of_the_body) {
  const std::size_t stream_bytes = joined(stream()).size();
  for (const Reply& ready : {stream(), buffered()}) {
    const std::size_t all = ready.streamed ? stream_bytes : ready.body.size();
    for (const Fault& fault :
         {Fault(fault::Truncation{all}), Fault(fault::Truncation{all, fault::HttpEnd::proper}),
          Fault(fault::Reset{all})}) {
      Reply reply = ready;

      EXPECT_FALSE(apply_fault(fault, reply)) << fault_name(fault);
      EXPECT_EQ(reply.plan.cut, Cut::none);
      EXPECT_EQ(joined(reply) + reply.body, joined(ready) + ready.body);
    }
    Reply cut = ready;
    EXPECT_TRUE(apply_fault(fault::Reset{all - 1}, cut));
  }
}

TEST(Faults, damage_one_event_and_no_other) {
  for (const std::size_t at : {0U, 2U}) {
    const Reply reply = with(fault::DamagedChecksum{at}, stream());

    for (std::size_t i = 0; i < 3; ++i) {
      const Reply one{.frames = {reply.frames[i]}};
      EXPECT_EQ(test::events_of(one).size(), i == at ? 0U : 1U) << i;
    }
  }
}

TEST(Faults, stall_for_good_or_for_a_while) {
  const Reply good = with(fault::Stall{.after_events = 1}, stream());
  const Reply late = with(fault::Stall{1, milliseconds(70)}, stream());
  const Reply last = with(fault::Stall{9, milliseconds(70)}, stream());
  const Reply body = with(fault::Stall{.duration = milliseconds(70)}, buffered());

  EXPECT_EQ(good.plan.cut, Cut::stall);
  EXPECT_EQ(good.plan.cut_after, stream().frames[0].bytes.size());
  EXPECT_EQ(late.plan.cut, Cut::none);
  EXPECT_EQ(late.frames[0].delay, milliseconds(0));
  EXPECT_EQ(late.frames[1].delay, milliseconds(70));
  ASSERT_EQ(last.frames.size(), 4U);
  EXPECT_EQ(last.frames[3].delay, milliseconds(70));
  EXPECT_EQ(body.plan.before_body, milliseconds(70));
}

TEST(Faults, delay_the_head_or_reset_the_connection) {
  const Reply slow = with(fault::SlowFirstByte{milliseconds(70)}, buffered());
  const Reply at_once = with(fault::Reset{}, buffered());
  const Reply later = with(fault::Reset{.after_bytes = 3}, buffered());

  EXPECT_EQ(slow.plan.before_head, milliseconds(70));
  EXPECT_EQ(at_once.plan.cut, Cut::reset);
  EXPECT_EQ(at_once.plan.cut_after, std::nullopt);
  EXPECT_EQ(later.plan.cut_after, 3U);
}

TEST(Faults, reply_with_nothing_with_html_or_with_an_error_in_200) {
  const Reply nothing = with(fault::EmptyReply{}, stream());
  const Reply page = with(fault::HtmlPage{.status = 502}, stream());
  const Reply wrong = with(fault::ErrorInSuccess{}, stream());

  EXPECT_TRUE(nothing.streamed);
  EXPECT_TRUE(nothing.frames.empty());
  EXPECT_EQ(page.status, 502);
  EXPECT_EQ(test::header(page, "Content-Type"), "text/html");
  EXPECT_THAT(page.body, StartsWith("<html>"));
  EXPECT_EQ(wrong.status, 200);
  EXPECT_EQ(
      wrong.body,
      R"({"Output":{"__type":"com.amazon.coral.service#UnknownOperationException"},"Version":"1.0"})");
}

TEST(Faults, report_when_there_is_nothing_to_break) {
  for (const Fault& fault : {Fault(fault::DamagedChecksum{}), Fault(fault::ErrorMessage{}),
                             Fault(fault::ClockOffset{})}) {
    Reply reply = buffered();

    EXPECT_FALSE(apply_fault(fault, reply)) << fault_name(fault);
    EXPECT_EQ(reply.body, buffered().body);
  }
}

}  // namespace
}  // namespace llm::local
