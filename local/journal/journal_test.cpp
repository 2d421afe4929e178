#include "local/journal/journal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "local/test_support.hpp"
#include "tests/support/json_page.hpp"
#include "tests/support/row_name.hpp"

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

TEST(JournalEntry, keeps_no_secret_of_an_incomplete_presigned_request) {
  Request sent{.method = "GET"};
  sent.target =
      "/foundation-models?X-Amz-Credential=secret&X-Amz-Security-Token=secret"
      "&X-Amz-Signature=secret";

  const std::string text = json_of(journal_entry(sent, {}, test::now()));

  EXPECT_THAT(text, Not(HasSubstr("secret")));
  EXPECT_THAT(text, HasSubstr(R"("access_key_id":null)"));
}

/// What a journal with bodies shows of a request to a service.
std::string recorded(const Request& request) {
  ServerOptions options;
  options.credentials = {{.access_key_id = "AKID", .session_token = Secret("token-secret")}};
  const HandledRequest handled =
      Service(std::move(options)).handle(request, {.now = test::now(), .request_id = "id"});
  JournalEntry entry = journal_entry(request, handled, test::now());
  record_bodies(request, handled, entry);
  return json_of(entry);
}

struct QuotingCase {
  std::string_view name;
  std::string_view authorization;  ///< Empty: that of a signature that does not match.
  std::string_view reply;          ///< What stays of the refusal.
};

class JournalQuotingTest : public ::testing::TestWithParam<QuotingCase> {};

TEST_P(JournalQuotingTest, keeps_no_secret_of_a_refusal_that_quotes_the_request) {
  Request sent = request();
  if (GetParam().authorization.empty()) {
    sent.body = "changed";
  } else {
    for (HttpHeader& header : sent.headers) {
      if (header.name == "Authorization") header.value = GetParam().authorization;
    }
  }

  const std::string text = recorded(sent);

  EXPECT_THAT(text, Not(HasSubstr("secret")));
  EXPECT_THAT(text, HasSubstr(GetParam().reply));
}

constexpr QuotingCase kQuoting[] = {
    {"canonical request", "", "'[redacted]'"},
    {"incomplete header", "AWS4-HMAC-SHA256 Credential=a/b/c/d/e, Signature=signature-secret",
     "Authorization=[redacted]"},
    {"malformed credential",
     "AWS4-HMAC-SHA256 Credential=secret/key, SignedHeaders=host, Signature=0", "got '[redacted]'"},
};

INSTANTIATE_TEST_SUITE_P(Refusals, JournalQuotingTest, ::testing::ValuesIn(kQuoting),
                         [](const auto& row) {
                           return test_support::row_name(row.index, row.param.name);
                         });

TEST(JournalEntry, keeps_no_password_of_a_url) {
  Request sent = request();
  sent.target = "http://user:password@127.0.0.1/model";

  EXPECT_EQ(journal_entry(sent, {}, test::now()).path, "");
}

TEST(JournalEntry, keeps_the_first_mebibyte_of_a_body_and_reports_what_is_cut) {
  constexpr std::size_t kLimit = 1024 * 1024;
  Request sent = request();
  // The last character of two bytes does not fit.
  sent.body = std::string(kLimit - 1, 'a') + "\u00e9";
  HandledRequest reply = handled();
  reply.reply.body = std::string(kLimit, 'b');
  JournalEntry entry = journal_entry(sent, reply, test::now());

  record_bodies(sent, reply, entry);

  EXPECT_EQ(entry.request_body, std::string(kLimit - 1, 'a'));
  EXPECT_EQ(entry.request_body_cut, 2U);
  EXPECT_EQ(entry.reply_body.size(), kLimit);
  EXPECT_EQ(entry.reply_body_cut, 0U);
}

TEST(Journal, drops_the_oldest_when_it_has_too_many_bytes) {
  Journal journal({.entries = 100, .bytes = 10'000});
  for (int i = 0; i < 10; ++i) journal.add({.request_body = std::string(4'000, 'x')});
  EXPECT_EQ(journal.entries().size(), 2U);
  EXPECT_EQ(journal.entries()[0].number, 9U);
  EXPECT_EQ(journal.dropped(), 8U);

  // Whatever a request is made of counts.
  journal.add({.path = std::string(4'000, 'x'), .headers = {{"X", std::string(4'000, 'x')}}});

  ASSERT_EQ(journal.entries().size(), 1U);
  EXPECT_EQ(journal.entries()[0].number, 11U);
}

TEST(Journal, keeps_the_latest_and_their_numbers) {
  Journal journal({.entries = 2});
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
