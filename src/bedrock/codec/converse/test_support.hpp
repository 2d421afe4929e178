#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <llm/chat.hpp>

#include "bedrock/codec/converse/content.hpp"
#include "bedrock/codec/native_test_support.hpp"
#include "bedrock/codec/unknown_members.hpp"
#include "json/reader.hpp"
#include "json/writer.hpp"

namespace llm::bedrock::testing {

/// One event of a stream, before it is framed.
struct Frame {
  std::string event;
  std::string payload;
};

inline std::string framed(const std::vector<Frame>& frames) {
  std::string bytes;
  for (const Frame& frame : frames) append_frame(frame.event, frame.payload, bytes);
  return bytes;
}

/// JSON with the keys of every object in order, so that equal values have equal texts.
inline void write_sorted(const json::Value& value, json::Writer& writer) {
  if (value.is_array()) {
    writer.begin_array();
    for (const json::Value element : value.elements()) write_sorted(element, writer);
    writer.end_array();
    return;
  }
  // 0 and 0.0 are equal values.
  if (value.kind() == json::Kind::number && value.integer()) {
    writer.integer(*value.integer());
    return;
  }
  if (!value.is_object()) {
    value.write_to(writer);
    return;
  }
  std::vector<std::pair<std::string, json::Value>> members;
  for (const auto [key, member] : value.members()) members.emplace_back(key, member);
  std::ranges::sort(members, {}, [](const auto& member) { return member.first; });
  writer.begin_object();
  for (const auto& [key, member] : members) {
    writer.key(key);
    write_sorted(member, writer);
  }
  writer.end_object();
}

inline std::string sorted(std::string_view text) {
  json::Parser parser;
  const auto root = parser.parse(text);
  if (!root) return "not JSON: " + std::string(text);
  json::Writer writer;
  write_sorted(*root, writer);
  return std::move(writer).take();
}

inline std::vector<Content> content_of(const json::Value& blocks) {
  std::vector<Content> content;
  for (const json::Value block : blocks.elements()) {
    auto read = read_content_block(block);
    if (read) content.push_back(std::move(*read));
  }
  return content;
}

inline std::optional<double> number_of(const json::Value& value) { return value.number(); }

inline void read_tools(const json::Value& config, ChatRequest& request) {
  for (const json::Value element : config["tools"].elements()) {
    if (const auto name = element["systemTool"]["name"].string()) {
      request.tools.push_back({.name = std::string(*name), .system = true});
    }
    const json::Value tool = element["toolSpec"];
    if (!tool.exists()) continue;
    request.tools.push_back({.name = tool["name"].text_or_empty(),
                             .description = tool["description"].text_or_empty(),
                             .parameters = json_of(tool["inputSchema"]["json"]),
                             .strict = tool["strict"].boolean()});
  }
  const json::Value choice = config["toolChoice"];
  if (choice["auto"].exists()) request.tool_choice.kind = ToolChoice::Kind::automatic;
  if (choice["any"].exists()) request.tool_choice.kind = ToolChoice::Kind::any;
  if (choice["tool"].exists()) {
    request.tool_choice = {.kind = ToolChoice::Kind::one,
                           .name = choice["tool"]["name"].text_or_empty()};
  }
}

/// A Converse request as a ChatRequest.
inline ChatRequest request_of(const json::Value& root) {
  ChatRequest request;
  if (root["system"].size() > 0) {
    request.messages.push_back({.role = Role::system, .content = content_of(root["system"])});
  }
  for (const json::Value message : root["messages"].elements()) {
    const bool is_user = message["role"].string() == "user";
    request.messages.push_back({.role = is_user ? Role::user : Role::assistant,
                                .content = content_of(message["content"])});
  }
  for (const json::Value tool : root["toolConfig"]["tools"].elements()) {
    if (!tool["cachePoint"].exists()) continue;
    auto& first = request.messages.front().content;
    first.insert(first.begin(), CachePoint{.ttl = tool["cachePoint"]["ttl"].text_or_empty()});
  }
  read_tools(root["toolConfig"], request);
  const json::Value inference = root["inferenceConfig"];
  if (const auto tokens = inference["maxTokens"].integer()) {
    request.max_tokens = static_cast<int>(*tokens);
  }
  request.temperature = number_of(inference["temperature"]);
  request.top_p = number_of(inference["topP"]);
  for (const json::Value stop : inference["stopSequences"].elements()) {
    request.stop_sequences.push_back(stop.text_or_empty());
  }
  if (const json::Value guardrail = root["guardrailConfig"]; guardrail.exists()) {
    request.guardrail = {.id = guardrail["guardrailIdentifier"].text_or_empty(),
                         .version = guardrail["guardrailVersion"].text_or_empty(),
                         .trace = guardrail["trace"].text_or_empty(),
                         .stream_mode = guardrail["streamProcessingMode"].text_or_empty()};
  }
  const json::Value schema = root["outputConfig"]["textFormat"]["structure"]["jsonSchema"];
  if (schema.exists()) {
    request.response_format = {.schema = Json::from_valid_text(schema["schema"].text_or_empty()),
                               .name = schema["name"].text_or_empty(),
                               .description = schema["description"].text_or_empty()};
  }
  if (const json::Value fields = root["additionalModelRequestFields"]; fields.exists()) {
    request.extra_fields = json_of(fields);
  }
  request.latency = root["performanceConfig"]["latency"].text_or_empty();
  request.service_tier = root["serviceTier"]["type"].text_or_empty();
  return request;
}

}  // namespace llm::bedrock::testing
