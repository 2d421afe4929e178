#include "local/formats/converse/response_fields.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "local/test_support.hpp"

namespace llm::local {
namespace {

constexpr std::string_view kHaiku45 = "us.anthropic.claude-haiku-4-5-20251001-v1:0";

std::string pick(std::string_view paths, const std::vector<std::string>& natives) {
  const test::Document parsed(paths);
  return pick_fields(parsed.root, natives);
}

TEST(ResponseFields, stand_under_the_names_of_their_path) {
  const std::vector<std::string> natives{R"({"a":{"b":1,"c":[7,{"d":null}]},"x/y":{"~":"t"}})"};

  EXPECT_EQ(pick(R"(["/a/b"])", natives), R"({"a":{"b":1}})");
  EXPECT_EQ(pick(R"(["/a/c/1/d","/a/b"])", natives), R"({"a":{"b":1,"c":{"1":{"d":null}}}})");
  EXPECT_EQ(pick(R"(["/x~1y/~0"])", natives), R"({"x/y":{"~":"t"}})");
  EXPECT_EQ(pick(R"(["/nothing"])", natives), "");
}

TEST(ResponseFields, come_from_the_first_object_that_has_them) {
  EXPECT_EQ(pick(R"(["/delta/stop"])",
                 {R"({"delta":{}})", R"({"delta":{"stop":1}})", R"({"delta":{"stop":2}})"}),
            R"({"delta":{"stop":1}})");
}

TEST(ResponseFields, need_a_json_pointer) {
  for (const std::string_view path : {"", "a", "/a~", "/a~2b"}) {
    const test::Document paths(R"([")" + std::string(path) + R"("])");
    const Checked<void> checked = check_field_paths(paths.root);

    ASSERT_FALSE(checked) << path;
    EXPECT_EQ(checked.error().message,
              "The additionalModelResponseFieldPaths field has an invalid JSON Pointer: " +
                  std::string(path));
  }
}

TEST(ResponseFields, come_from_the_native_response_of_claude) {
  constexpr std::string_view kBody =
      R"({"messages":[{"role":"user","content":[{"text":"Hi"}]}],)"
      R"("inferenceConfig":{"stopSequences":["local"]},)"
      R"("additionalModelResponseFieldPaths":["/stop_sequence","/delta/stop_sequence"]})";

  const test::Document buffered(
      test::handle(test::open_service(), test::model_request(kHaiku45, "converse", kBody)).body);
  const std::vector<test::Event> events = test::events_of(
      test::handle(test::open_service(), test::model_request(kHaiku45, "converse-stream", kBody)));

  EXPECT_EQ(buffered["additionalModelResponseFields"].to_text(), R"({"stop_sequence":"local"})");
  ASSERT_GE(events.size(), 2U);
  const test::Document stop(events[events.size() - 2].payload);
  EXPECT_EQ(stop["additionalModelResponseFields"].to_text(),
            R"({"delta":{"stop_sequence":"local"}})");
}

}  // namespace
}  // namespace llm::local
