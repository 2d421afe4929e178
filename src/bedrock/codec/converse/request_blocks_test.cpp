// Blocks and members of a Converse request that came with the service models of 2026.
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bedrock/codec/converse/test_support.hpp"

namespace llm::bedrock {
namespace {

using testing::ask;
using ::testing::HasSubstr;
using testing::model_with;
using ::testing::Not;

constexpr ModelFacts kClaude{.base_id = "anthropic.claude",
                             .provider = "Anthropic",
                             .wire_format = WireFormat::claude_messages,
                             .tools = Support::yes,
                             .vision = Support::yes};

Result<WireRequest> encode(const ChatRequest& request) {
  return testing::encode(converse_codec(), request, model_with(kClaude), Delivery::buffered);
}

std::string content_of(Content content, Role role = Role::user) {
  ChatRequest request = ask("Hi");
  request.messages.push_back({.role = Role::assistant, .content = {TextContent{"Yes"}}});
  request.messages.push_back({.role = role, .content = {std::move(content)}});
  const auto wire = encode(request);
  if (!wire) return wire.error().message;
  const std::string& body = wire->body;
  const std::size_t at = body.find(R"({"role":")", body.find("Yes"));
  return body.substr(at, body.rfind("]}") - at);
}

TEST(ConverseRequest, sends_text_documents_as_text_or_in_passages) {
  EXPECT_EQ(content_of(DocumentContent{
                .source = "t", .media_type = "text/plain", .name = "d", .as_text = true}),
            R"({"role":"user","content":[{"document":{"format":"txt","name":"d",)"
            R"("source":{"text":"t"}}}]})");
  EXPECT_EQ(content_of(DocumentContent{.name = "d", .citations = true, .passages = {"a", "b"}}),
            R"({"role":"user","content":[{"document":{"name":"d",)"
            R"("source":{"content":[{"text":"a"},{"text":"b"}]},"citations":{"enabled":true}}}]})");
}

TEST(ConverseRequest, changes_tools_in_a_system_message_of_its_own_place) {
  EXPECT_EQ(content_of(ToolAdditionContent{{.name = "f", .server_name = "s"}}, Role::system),
            R"({"role":"system","content":[{"toolAddition":{"tool":{"name":"f",)"
            R"("serverName":"s"}}}]})");
  EXPECT_EQ(content_of(ToolRemovalContent{{.type = "t", .name = "f"}}, Role::system),
            R"({"role":"system","content":[{"toolRemoval":{"tool":{"type":"t","name":"f"}}}]})");
}

TEST(ConverseRequest, refuses_a_block_that_did_not_arrive_whole) {
  EXPECT_THAT(content_of(UnknownContent{"converse", Json::empty_object(), true}, Role::user),
              HasSubstr("sent it in deltas that could not be joined"));
}

TEST(ConverseRequest, names_the_project_of_the_request_or_of_the_client) {
  ChatRequest request = ask("Hi");
  ModelId model = model_with(kClaude);
  model.project = "mine";
  const auto body_of = [&] {
    const auto wire = testing::encode(converse_codec(), request, model, Delivery::buffered);
    return wire ? wire->body : wire.error().message;
  };

  EXPECT_THAT(body_of(), HasSubstr(R"("projectIdentifier":"mine")"));
  request.project = "arn:aws:bedrock:us-east-1:123456789012:project/theirs";
  EXPECT_THAT(body_of(), HasSubstr(R"("projectIdentifier":"arn:aws:bedrock:us-east-1:)"));
  request.project = "not a project";
  EXPECT_THAT(body_of(), HasSubstr("The project is neither an id nor the ARN of a project."));
  model.kind = IdKind::application_profile;
  EXPECT_THAT(body_of(), HasSubstr("belongs to a project itself"));
  request.project.clear();
  EXPECT_THAT(body_of(), Not(HasSubstr("projectIdentifier")));
}

}  // namespace
}  // namespace llm::bedrock
