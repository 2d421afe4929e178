#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "local/formats/converse/request.hpp"
#include "local/test_support.hpp"

namespace llm::local {
namespace {

constexpr std::string_view kTools =
    R"("toolConfig":{"tools":[{"toolSpec":{"name":"t","inputSchema":{"json":{"type":"object"}}}}]})";

std::string user(std::string_view blocks) {
  return R"({"role":"user","content":[)" + std::string(blocks) + "]}";
}
std::string assistant(std::string_view blocks) {
  return R"({"role":"assistant","content":[)" + std::string(blocks) + "]}";
}
std::string text(std::string_view content) {
  return R"({"text":")" + std::string(content) + R"("})";
}
std::string call(std::string_view id) {
  return R"({"toolUse":{"toolUseId":")" + std::string(id) + R"(","name":"t","input":{}}})";
}
std::string result(std::string_view id) {
  return R"({"toolResult":{"toolUseId":")" + std::string(id) + R"(","content":[{"text":"x"}]}})";
}
std::string document(std::string_view name) {
  return R"({"document":{"name":")" + std::string(name) +
         R"(","format":"txt","source":{"bytes":"aGk="}}})";
}
std::string image(std::string_view format, std::string_view bytes) {
  return R"({"image":{"format":")" + std::string(format) + R"(","source":{"bytes":")" +
         std::string(bytes) + R"("}}})";
}

/// The refusal of `messages` to Claude 3 Haiku; empty: accepted.
std::string verdict(std::string_view messages, std::string_view more = kTools) {
  const test::Document body(R"({"messages":[)" + std::string(messages) + "]" +
                            (more.empty() ? "" : ",") + std::string(more) + "}");
  const auto read = read_converse(body.root, *find_model(test::kHaiku), Delivery::buffered);
  return read ? "" : read.error().message;
}

struct Case {
  std::string messages;
  std::string_view message;
};

void expect_verdicts(const std::vector<Case>& cases) {
  for (const Case& each : cases) EXPECT_EQ(verdict(each.messages), each.message) << each.messages;
}

TEST(ConverseMessages, take_turns_that_begin_with_the_user) {
  const std::string_view start =
      "A conversation must start with a user message. Try again with a conversation that starts "
      "with a user message.";
  const std::string_view alternate =
      "A conversation must alternate between user and assistant roles. Make sure the conversation "
      "alternates between user and assistant roles and try again.";
  expect_verdicts({
      {user(text("a")) + "," + assistant(text("b")) + "," + user(text("c")), ""},
      {"", start},
      {assistant(text("a")), start},
      {user(text("a")) + "," + user(text("b")), alternate},
      {user(text("a")) + "," + assistant(text("b")) + "," + assistant(text("c")), alternate},
  });
}

TEST(ConverseMessages, are_not_blank) {
  const std::string_view blank =
      "The text field in the ContentBlock object at messages.0.content.0 is blank. Add text to the "
      "text field, and try again.";
  expect_verdicts({
      {user(""),
       "The content field in the Message object at messages.0 is empty. Add a ContentBlock object "
       "to the content field and try again."},
      {user(text("")), blank},
      {user(text(" \\n")), blank},
      {user(text("") + "," + text("a")), blank},
      {user(text("a") + "," + text("\\n")), ""},
  });
}

TEST(ConverseMessages, pair_every_tool_call_with_its_result) {
  const std::string user_turn = user(text("a")) + ",";
  expect_verdicts({
      {user_turn + assistant(call("a")) + "," + user(result("a")), ""},
      {user_turn + assistant(call("a") + "," + call("b")) + "," +
           user(result("b") + "," + result("a")),
       ""},
      {user_turn + assistant(call("a") + "," + call("b")) + "," + user(result("a")),
       "Expected toolResult blocks at messages.2.content for the following Ids: b"},
      {user_turn + assistant(call("a")) + "," + user(text("never mind")),
       "Expected toolResult blocks at messages.2.content for the following Ids: a"},
      {user_turn + assistant(call("a")) + "," + user(result("x")),
       "Expected toolResult blocks at messages.2.content for the following Ids: a"},
      {user_turn + assistant(call("a")),
       "Expected toolResult blocks at messages.2.content for the following Ids: a"},
      {user_turn + assistant(call("a")) + "," + user(result("a") + "," + result("b")),
       "The number of toolResult blocks at messages.2.content exceeds the number of toolUse blocks "
       "of previous turn."},
      {user(result("a")),
       "The number of toolResult blocks at messages.0.content exceeds the number of toolUse blocks "
       "of previous turn."},
      {user_turn + assistant(R"({"toolUse":{"toolUseId":"a","name":"t","input":"{}"}})"),
       "The format of the value at messages.1.content.0.toolUse.input is invalid. Provide a json "
       "object for the field and try again."},
  });
}

TEST(ConverseMessages, have_tool_calls_with_the_ids_of_claude) {
  const std::string user_turn = user(text("a")) + ",";
  expect_verdicts({
      {user_turn + assistant(call("a-B_1")) + "," + user(result("a-B_1")), ""},
      {user_turn + assistant(call("a.b")) + "," + user(result("a.b")),
       "The model returned the following errors: messages.1.content.0.tool_use.id: String should "
       "match pattern '^[a-zA-Z0-9_-]+$'"},
      {user_turn + assistant(call("a")) + "," + user(result("a:b")),
       "The model returned the following errors: messages.2.content.0.tool_result.tool_use_id: "
       "String should match pattern '^[a-zA-Z0-9_-]+$'"},
  });
}

TEST(ConverseMessages, count_tools_without_cache_points) {
  const std::string tool =
      R"({"toolSpec":{"name":"t","strict":true,"inputSchema":{"json":{"type":"object"}}}})";
  const test::Document body(R"({"messages":[)" + user(text("a")) +
                            R"(],"toolConfig":{"tools":[{"toolSpec":{"name":"u","inputSchema":)"
                            R"({"json":{"type":"object"}}}},{"cachePoint":{"type":"default"}},)" +
                            tool + "]}}");

  const auto read =
      read_converse(body.root, *find_model("anthropic.claude-opus-5-5"), Delivery::buffered);

  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().message,
            "The model returned the following errors: tools.1.custom.strict: Extra inputs are not "
            "permitted");
}

TEST(ConverseMessages, need_a_tool_configuration_for_tool_blocks) {
  EXPECT_EQ(
      verdict(user(text("a")) + "," + assistant(call("a")) + "," + user(result("a")), ""),
      "The toolConfig field must be defined when using toolUse and toolResult content blocks.");
}

TEST(ConverseMessages, carry_documents_with_a_proper_name_and_some_text) {
  const std::string_view name =
      "The document file name can only contain alphanumeric characters, whitespace characters, "
      "hyphens, parentheses, and square brackets. The name can't contain more than one consecutive "
      "whitespace character.";
  expect_verdicts({
      {user(text("a") + "," + document("My report (1) [draft]-2")), ""},
      {user(text("a") + "," + document("report.pdf")), name},
      {user(text("a") + "," + document("two  spaces")), name},
      {user(document("report")), "A text block must be included when using documents."},
  });
}

TEST(ConverseMessages, carry_a_few_documents_of_different_names) {
  std::string five = text("a");
  for (const std::string_view name : {"a", "b", "c", "d", "e"}) five += "," + document(name);
  std::string large(4'718'593 / 3 * 4 + 4, 'A');

  expect_verdicts({
      {user(five), ""},
      {user(five) + "," + assistant(text("b")) + "," + user(text("c") + "," + document("f")),
       "You can't include more than 5 documents in a request. Reduce the number of documents and "
       "retry your request."},
      {user(text("a") + "," + document("x") + "," + document("x")),
       "Messages can't contain duplicate document names. Rename the document and retry your "
       "request."},
      {user(text("a") + R"(,{"document":{"name":"x","format":"txt","source":{"bytes":")" + large +
            R"("}}})"),
       "The maximum document size is 4.5 MB. Reduce the size of your document and retry your "
       "request."},
  });
}

TEST(ConverseMessages, carry_results_that_are_objects) {
  EXPECT_EQ(verdict(user(text("a")) + "," + assistant(call("1")) + "," +
                    user(R"({"toolResult":{"toolUseId":"1","content":[{"json":[7]}]}})")),
            "The format of the value at messages.2.content.0.toolResult.content.0.json is invalid. "
            "Provide a json object for the field and try again.");
}

TEST(ConverseMessages, carry_small_images_when_they_are_many) {
  // The start of a PNG of 2001 × 1 pixels; nothing more is read.
  const std::string png = "iVBORw0KGgoAAAANSUhEUgAAB9EAAAABCAIAAAAA";
  std::string many = image("png", png);
  for (int i = 1; i < 20; ++i) many += "," + image("png", png);

  EXPECT_EQ(verdict(user(many)), "");
  EXPECT_EQ(verdict(user(many + "," + image("png", png))),
            "The model returned the following errors: "
            "messages.0.content.0.image.source.base64.data: At least one of the image dimensions "
            "exceed max allowed size for many-image requests: 2000 pixels");
}

TEST(ConverseMessages, carry_images_of_the_format_they_name) {
  // A PNG of one pixel.
  const std::string_view png =
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJg"
      "gg==";
  const std::string at = "The model returned the following errors: ";
  EXPECT_EQ(verdict(user(image("png", png))), "");
  EXPECT_EQ(verdict(user(image("jpeg", png))),
            at + "messages.0.content.0.image.source.base64.data: The image was specified using the "
                 "image/jpeg media type, but the image appears to be a image/png image");
  EXPECT_EQ(verdict(user(image("png", "aGVsbG8="))), at + "Could not process image");
  EXPECT_EQ(verdict(user(image("png", std::string(5'242'884, 'A')))),
            at + "messages.0.content.0.image.source.bytes: image exceeds 5 MB maximum: 5242884 "
                 "bytes > 5242880 bytes");
}

TEST(ConverseMessages, offer_each_tool_once_and_choose_one_that_is_offered) {
  const std::string tool = R"({"toolSpec":{"name":"t","inputSchema":{"json":{"type":"object"}}}})";
  EXPECT_EQ(verdict(user(text("a")), R"("toolConfig":{"tools":[)" + tool + "," + tool + "]}"),
            "The tool t is already defined at toolConfig.tools.0.");
  EXPECT_EQ(verdict(user(text("a")),
                    R"("toolConfig":{"toolChoice":{"tool":{"name":"u"}},"tools":[)" + tool + "]}"),
            "The model returned the following errors: Tool 'u' not found in provided tools");
}

}  // namespace
}  // namespace llm::local
