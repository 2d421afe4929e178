#include "local/journal/journal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "local/test_support.hpp"
#include "tests/support/json_page.hpp"

namespace llm::local {
namespace {

using test::Document;
using ::testing::HasSubstr;
using ::testing::Not;

/// A signed request with everything that must not be recorded.
Request request() {
  Request request = test::model_request("amazon.titan-text-lite-v1", "invoke", "the question");
  request.target += "?X-Amz-Signature=query-secret";
  request.headers.push_back({"Cookie", "cookie-secret"});
  test::sign(request, {.access_key_id = "AKID", .session_token = "token-secret"});
  return request;
}

HandledRequest handled() {
  HandledRequest handled{.operation = Operation::invoke_model,
                         .model = "amazon.titan-text-lite-v1",
                         .rule = 2,
                         .fault = "ThrottlingException"};
  handled.reply.status = 429;
  handled.reply.headers = {{"x-amzn-ErrorType", "ThrottlingException:http://internal.amazon.com/"},
                           {"x-amzn-RequestId", "00000000-0000-4000-8000-000000000001"}};
  return handled;
}

std::string json_of(const JournalEntry& entry) {
  json::Writer writer;
  write_entry(entry, writer);
  return std::move(writer).take();
}

TEST(JournalEntry, is_what_the_documentation_shows) {
  const auto examples = test_support::examples_on("local-bedrock.md", "The journal");
  ASSERT_EQ(examples.size(), 1U);
  Request sent = test::model_request("amazon.titan-text-lite-v1", "invoke", "the question");
  sent.headers = {{"Host", "127.0.0.1:8080"}};
  test::sign(sent, {});
  std::erase_if(sent.headers, [](const HttpHeader& header) { return header.name == "X-Amz-Date"; });
  JournalEntry entry = journal_entry(sent, handled(), test::now());
  entry.number = 2;

  EXPECT_EQ(json_of(entry), test_support::minified(examples[0]));
}

TEST(JournalEntry, keeps_no_secret_and_no_prompt) {
  const Request sent = request();

  const std::string text = json_of(journal_entry(sent, handled(), test::now()));

  const std::string_view authorization = sent.header("authorization");
  const std::string signature(authorization.substr(authorization.find("Signature=") + 10));
  for (const std::string& secret :
       {std::string("token-secret"), std::string("query-secret"), std::string("cookie-secret"),
        std::string("the question"), signature}) {
    EXPECT_THAT(text, Not(HasSubstr(secret)));
  }
  EXPECT_THAT(text, HasSubstr(R"({"name":"Authorization","value":"[redacted]"})"));
}

TEST(JournalEntry, keeps_no_api_key) {
  Request bearer = test::model_request("x", "invoke", "");
  bearer.headers.push_back({"authorization", "Bearer ABSKsecret"});

  const std::string text = json_of(journal_entry(bearer, {}, test::now()));

  EXPECT_THAT(text, Not(HasSubstr("ABSKsecret")));
  EXPECT_THAT(text, HasSubstr(R"("access_key_id":null)"));
}

TEST(Journal, keeps_the_latest_and_their_numbers) {
  Journal journal(2);
  for (int status : {200, 400, 429}) journal.add({.status = status});

  const std::vector<JournalEntry> entries = journal.entries();

  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0].number, 2U);
  EXPECT_EQ(entries[1].number, 3U);
  EXPECT_EQ(entries[1].status, 429);
  journal.clear();
  EXPECT_TRUE(journal.entries().empty());
}

}  // namespace
}  // namespace llm::local
