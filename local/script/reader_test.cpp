#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <llm/local/script.hpp>

#include <ostream>
#include <string>
#include <vector>

#include "local/script/faults.hpp"
#include "local/test_support.hpp"
#include "tests/support/json_page.hpp"

namespace llm::local {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;

std::vector<Rule> rules(std::string_view json) {
  const Result<std::vector<Rule>> parsed = parse_script(json);
  EXPECT_TRUE(parsed) << parsed.error().message;
  return parsed.value_or(std::vector<Rule>{});
}

template <typename Kind>
Kind fault_of(const std::string& members) {
  const auto read = rules(R"({"rules":[{"fault":{)" + members + "}}]}");
  const Kind* fault = read.empty() ? nullptr : std::get_if<Kind>(&*read[0].fault);
  EXPECT_NE(fault, nullptr) << members;
  return fault != nullptr ? *fault : Kind{};
}

TEST(ParseScript, reads_the_example_of_the_documentation) {
  const auto examples = test_support::examples_on("local-bedrock.md", "Completions and rules");
  ASSERT_EQ(examples.size(), 1U);

  const std::vector<Rule> read = rules(examples[0]);

  ASSERT_EQ(read.size(), 4U);
  EXPECT_EQ(read[0].match.prompt, "weather");
  EXPECT_EQ(read[0].match.model, "claude");
  EXPECT_EQ(read[0].match.operation, Operation::converse_stream);
  ASSERT_TRUE(read[0].completion);
  EXPECT_EQ(read[0].completion->text, "Let me look.");
  EXPECT_EQ(read[0].completion->reasoning, "They want to know the weather.");
  ASSERT_EQ(read[0].completion->tool_calls.size(), 1U);
  EXPECT_EQ(read[0].completion->tool_calls[0].name, "get_weather");
  EXPECT_EQ(read[0].completion->tool_calls[0].arguments.text(), R"({"city":"Oslo"})");
  EXPECT_EQ(read[0].completion->stop_reason, StopReason::tool_use);
  EXPECT_FALSE(read[0].fault);
  EXPECT_EQ(read[1].match.call, 3U);
  EXPECT_EQ(fault_name(*read[1].fault), "ThrottlingException");
  EXPECT_EQ(read[2].match.access_key_id, "AKIAOLD");
  EXPECT_EQ(read[2].skip, 5U);
  EXPECT_EQ(read[2].times, 1U);
  EXPECT_EQ(read[3].completion->text, "Once upon a time");
  EXPECT_EQ(fault_name(*read[3].fault), "truncation");
}

TEST(ParseScript, reads_every_member_of_every_fault) {
  const auto exception = fault_of<fault::Exception>(
      R"("kind":"exception","name":"X","message":"m","status":418,"retry_after_ms":7,)"
      R"("after_events":2)");
  const auto error = fault_of<fault::ErrorMessage>(
      R"("kind":"error_message","code":"C","message":"m","after_events":2)");
  const auto cut =
      fault_of<fault::Truncation>(R"("kind":"truncation","after_bytes":9,"http_end":"proper")");
  const auto stall = fault_of<fault::Stall>(R"("kind":"stall","after_events":2,"duration_ms":7)");

  EXPECT_EQ(exception.name + exception.message, "Xm");
  EXPECT_EQ(exception.status, 418);
  EXPECT_EQ(exception.retry_after, milliseconds(7));
  EXPECT_EQ(exception.after_events, 2U);
  EXPECT_EQ(error.code + error.message, "Cm");
  EXPECT_EQ(error.after_events, 2U);
  EXPECT_EQ(cut.after_bytes, 9U);
  EXPECT_EQ(cut.end, fault::HttpEnd::proper);
  EXPECT_EQ(stall.after_events, 2U);
  EXPECT_EQ(stall.duration, milliseconds(7));
  EXPECT_EQ(fault_of<fault::DamagedChecksum>(R"("kind":"damaged_checksum","after_events":2)")
                .after_events,
            2U);
  EXPECT_EQ(fault_of<fault::SlowFirstByte>(R"("kind":"slow_first_byte","delay_ms":7)").delay,
            milliseconds(7));
  EXPECT_EQ(fault_of<fault::Reset>(R"("kind":"reset","after_bytes":9)").after_bytes, 9U);
  EXPECT_EQ(fault_of<fault::HtmlPage>(R"("kind":"html_page","status":502)").status, 502);
  EXPECT_EQ(fault_of<fault::ErrorInSuccess>(R"("kind":"error_in_success","name":"X")").name, "X");
  EXPECT_EQ(fault_of<fault::ClockOffset>(R"("kind":"clock_offset","offset_seconds":-60)").offset,
            std::chrono::seconds(-60));
}

TEST(ParseScript, knows_every_kind_under_the_name_that_it_is_counted_by) {
  for (const std::string_view kind : fault_kinds()) {
    const std::string name = kind == "exception" ? R"(,"name":"exception")" : "";
    const auto read =
        rules(R"({"rules":[{"fault":{"kind":")" + std::string(kind) + '"' + name + "}}]}");

    ASSERT_EQ(read.size(), 1U) << kind;
    EXPECT_EQ(fault_name(*read[0].fault), kind);
  }
}

/// A script that is invalid, and a part of the message.
struct Mistake {
  std::string name;
  std::string script;
  std::string message;

  friend void PrintTo(const Mistake& row, std::ostream* out) { *out << row.name; }
};

std::vector<Mistake> mistakes() {
  return {
      {"not_json", "{", "The script is invalid: "},
      {"root_is_a_list", "[]", "The script is invalid: the root must be an object."},
      {"no_rules", "{}", "The script is invalid: \"rules\" is missing."},
      {"rules_is_an_object", R"({"rules":{}})", "rules must be a list"},
      {"unknown_member", R"({"rules":[],"rule":1})", "rule is unknown (known here: rules)."},
      {"rule_is_a_number", R"({"rules":[{},7]})", "rules[1] must be an object"},
      {"unknown_member_of_match", R"({"rules":[{"match":{"promt":"x"}}]})",
       "rules[0].match.promt is unknown (known here: prompt, model, operation, "},
      {"prompt_is_a_number", R"({"rules":[{"match":{"prompt":7}}]})",
       "rules[0].match.prompt must be a string"},
      {"unknown_operation", R"({"rules":[{"match":{"operation":"Invoke"}}]})",
       "rules[0].match.operation must be one of InvokeModel, "},
      {"member_that_occurs_twice", R"({"rules":[{"skip":1,"times":2,"skip":3}]})",
       "rules[0].skip occurs twice"},
      {"call_is_zero", R"({"rules":[{"match":{"call":0}}]})",
       "rules[0].match.call must be a whole number from 1"},
      {"times_is_zero", R"({"rules":[{"times":0}]})",
       "rules[0].times must be a whole number from 1"},
      {"negative_skip", R"({"rules":[{"skip":-1}]})",
       "rules[0].skip must be a whole number from 0"},
      {"completion_is_a_string", R"({"rules":[{"completion":"x"}]})",
       "rules[0].completion must be an object"},
      {"unknown_stop_reason", R"({"rules":[{"completion":{"stop_reason":"stop"}}]})",
       "rules[0].completion.stop_reason must be one of"},
      {"tool_call_without_name", R"({"rules":[{"completion":{"tool_calls":[{}]}}]})",
       "rules[0].completion.tool_calls[0].name must be a non-empty string."},
      {"arguments_are_a_list",
       R"({"rules":[{"completion":{"tool_calls":[{"name":"f","arguments":[]}]}}]})",
       "rules[0].completion.tool_calls[0].arguments must be an object"},
      {"citation_that_ends_before_it_starts",
       R"({"rules":[{"completion":{"citations":[{"start":5,"end":4}]}}]})",
       "rules[0].completion.citations[0].end must not be less than start."},
      {"fault_without_kind", R"({"rules":[{"fault":{}}]})", "rules[0].fault needs a \"kind\""},
      {"unknown_kind", R"({"rules":[{"fault":{"kind":"boom"}}]})",
       "rules[0].fault.kind must be one of exception,"},
      {"exception_without_name", R"({"rules":[{"fault":{"kind":"exception"}}]})",
       "rules[0].fault.name must be a non-empty string."},
      {"status_out_of_range",
       R"({"rules":[{"fault":{"kind":"exception","name":"X","status":99}}]})",
       "rules[0].fault.status must be a whole number from 200 to 599"},
      {"status_without_a_body",
       R"({"rules":[{"fault":{"kind":"exception","name":"X","status":204}}]})",
       "rules[0].fault.status must not be 204, whose response has no body."},
      {"page_that_is_not_modified", R"({"rules":[{"fault":{"kind":"html_page","status":304}}]})",
       "rules[0].fault.status must not be 304, whose response has no body."},
      {"unknown_member_of_fault", R"({"rules":[{"fault":{"kind":"reset","delay_ms":1}}]})",
       "rules[0].fault.delay_ms is unknown (known here: kind, after_bytes)."},
      {"message_too_long_for_a_header",
       R"({"rules":[{"fault":{"kind":"error_message","message":")" + std::string(32'768, 'x') +
           R"("}}]})",
       "rules[0].fault.message must fit into a header of an event stream, which has at most 32767 "
       "bytes."},
      {"control_character_in_code",
       R"({"rules":[{"fault":{"kind":"error_message","code":"a\nb"}}]})",
       "rules[0].fault.code must not contain control characters."},
      {"control_character_in_name",
       R"({"rules":[{"fault":{"kind":"exception","name":"X\r\nY: z"}}]})",
       "rules[0].fault.name must not contain control characters."},
      {"clock_with_prompt",
       R"({"rules":[{"fault":{"kind":"clock_offset"},"match":{"prompt":"x"}}]})",
       "rules[0] must not combine a clock_offset with a prompt or a completion."},
  };
}

class ScriptMistakes : public ::testing::TestWithParam<Mistake> {};

TEST_P(ScriptMistakes, are_named_with_their_place) {
  const Mistake& row = GetParam();
  const auto parsed = parse_script(row.script);

  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().code, ErrorCode::configuration_error);
  EXPECT_THAT(parsed.error().message, HasSubstr(row.message));
  EXPECT_EQ(parsed.error().advice, "See docs/local-bedrock.md for an example.");
}

INSTANTIATE_TEST_SUITE_P(, ScriptMistakes, ::testing::ValuesIn(mistakes()), test::RowName{});

TEST(ParseScript, names_the_file) {
  const auto parsed = parse_script("[]", "weather.json");

  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().message,
            "The script \"weather.json\" is invalid: the root must be an object.");
}

}  // namespace
}  // namespace llm::local
