// A block of unknown kind is the same from a stream and from a buffered response, and is sent back
// as it was.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include <llm/bedrock/client.hpp>
#include <llm/request_json.hpp>

#include "json/reader.hpp"
#include "tests/support/case_reply.hpp"

namespace llm {
namespace {

constexpr auto kFolder = "stream-of-unknown-block";

class UnknownBlock : public ::testing::Test {
 protected:
  UnknownBlock() {
    auto client =
        bedrock::create_client({.model = "us.anthropic.claude-opus-4-6-v1",
                                .region = "us-east-1",
                                .credentials = aws::static_credentials(
                                    {.access_key_id = "a", .secret_access_key = Secret("b")}),
                                .api = bedrock::Api::invoke,
                                .environment_use = bedrock::EnvironmentUse::ignore,
                                .transport = transport_,
                                .lint = bedrock::Lint::off});
    client_ = std::make_unique<Client>(std::move(*client));
    request_ = *chat_request_from_json(test_support::case_file(kFolder, "request.json"));
  }

  // The content of the message that the next request sends back.
  std::string sent_back(const Message& message) {
    ChatRequest next = request_;
    next.messages.push_back(message);
    next.messages.push_back(Message::user("Go on."));
    transport_->expect(test_support::case_reply(kFolder, "reply-whole.json"));
    EXPECT_TRUE(client_->chat_completion(next));
    json::Parser parser;
    const auto root = parser.parse(*transport_->requests().back().body);
    return root ? assistant_content(*root) : std::string();
  }

  static std::string assistant_content(const json::Value& root) {
    for (const json::Value message : root["messages"].elements()) {
      if (message["role"].string() == "assistant") return message["content"].to_text();
    }
    return {};
  }

  std::shared_ptr<testing::ScriptedTransport> transport_ =
      std::make_shared<testing::ScriptedTransport>();
  std::unique_ptr<Client> client_;
  ChatRequest request_;
};

TEST_F(UnknownBlock, is_joined_and_sent_back_whole) {
  transport_->expect(test_support::case_reply(kFolder, "reply.json"));
  transport_->expect(test_support::case_reply(kFolder, "reply-whole.json"));

  const auto streamed = client_->stream_chat_completion(request_).collect();
  const auto whole = client_->chat_completion(request_);

  ASSERT_TRUE(streamed) << streamed.error().message;
  ASSERT_TRUE(whole) << whole.error().message;
  EXPECT_EQ(streamed->choices[0].message, whole->choices[0].message);
  EXPECT_EQ(
      sent_back(streamed->choices[0].message),
      R"([{"type":"compaction","content":"Summary of the conversation so far."},{"type":"text","text":"Hi."}])");
}

}  // namespace
}  // namespace llm
