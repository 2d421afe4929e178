#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>

#include "bedrock/codec/native_test_support.hpp"

namespace llm::bedrock::testing {

/// A current Claude.
inline constexpr ModelFacts kSomeClaude{.base_id = "anthropic.claude-x",
                                        .wire_format = WireFormat::claude_messages,
                                        .max_output_tokens = 8192,
                                        .tools = Support::yes,
                                        .vision = Support::yes,
                                        .reasoning = Support::yes};

inline Result<WireRequest> encode(const ChatRequest& request,
                                  const ModelFacts& facts = kSomeClaude) {
  return testing::encode(claude_messages_codec(), request, model_with(facts), Delivery::buffered);
}

/// The body after the members that all these requests start with.
inline std::string rest_of(const ChatRequest& request, const ModelFacts& facts = kSomeClaude) {
  const auto wire = encode(request, facts);
  if (!wire) return wire.error().message;
  const std::string start = R"({"anthropic_version":"bedrock-2023-05-31","max_tokens":8192,)";
  if (!wire->body.starts_with(start)) return "Unexpected start: " + wire->body;
  return wire->body.substr(start.size(), wire->body.size() - start.size() - 1);
}

/// The only block of the only message.
inline std::string block_of(Content content) {
  const std::string rest = rest_of({.messages = {{Role::user, {std::move(content)}}}});
  const std::string before = R"("messages":[{"role":"user","content":[)";
  if (!rest.starts_with(before)) return rest;
  return rest.substr(before.size(), rest.size() - before.size() - 3);
}

inline void expect_refused(const ChatRequest& request, ErrorCode code, std::string_view part,
                           const ModelFacts& facts = kSomeClaude) {
  const auto wire = encode(request, facts);
  ASSERT_FALSE(wire) << part;
  EXPECT_EQ(wire.error().code, code) << part;
  const std::string text = wire.error().message + ' ' + wire.error().advice;
  EXPECT_NE(text.find(part), std::string::npos) << text;
}

}  // namespace llm::bedrock::testing
