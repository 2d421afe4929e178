// For any completion, the stream and the buffered response decode to the same ChatResponse.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "bedrock/codec/converse/test_support.hpp"

namespace llm::bedrock {
namespace {

using testing::Frame;

constexpr int kAnswers = 300;

enum class Kind { text, reasoning, redacted, call };

struct Block {
  Kind kind = Kind::text;
  std::vector<std::string>
      fragments{};     // Of the text, or of the JSON of the arguments of a tool call.
  std::string mark{};  // A signature, encrypted bytes, or the id of a call.
};

std::string joined(const std::vector<std::string>& fragments) {
  std::string all;
  for (const std::string& add_delta : fragments) all += add_delta;
  return all;
}

/// Makes completions that depend on the seed only.
class Chance {
 public:
  explicit Chance(unsigned seed) : engine_(seed) {}

  std::size_t below(std::size_t end) { return engine_() % end; }

  std::string text() {
    static const std::vector<std::string> kBits = {"a", " ",  "\n", "\"", "\\",
                                                   "ü", "世", "🙂", "{}"};
    std::string text;
    for (std::size_t left = 1 + below(5); left > 0; --left) text += kBits[below(kBits.size())];
    return text;
  }

  std::vector<std::string> texts() {
    std::vector<std::string> fragments;
    for (std::size_t left = 1 + below(4); left > 0; --left) fragments.push_back(text());
    return fragments;
  }

  /// Cut between any two bytes: arguments are ASCII.
  std::vector<std::string> arguments() {
    std::string json = R"({"a":[1,{"b":"c d"}],"n":)" + std::to_string(below(1000)) + "}";
    std::vector<std::string> fragments;
    while (!json.empty()) {
      const std::size_t size = 1 + below(json.size());
      fragments.push_back(json.substr(0, size));
      json.erase(0, size);
    }
    return fragments;
  }

  std::vector<Block> completion() {
    std::vector<Block> blocks;
    for (std::size_t left = below(6); left > 0; --left) {
      const auto kind = static_cast<Kind>(below(4));
      Block block{.kind = kind, .mark = "bWFyaw" + std::to_string(blocks.size())};
      block.fragments = kind == Kind::call ? arguments() : texts();
      blocks.push_back(std::move(block));
    }
    return blocks;
  }

 private:
  std::mt19937 engine_;
};

std::string json_text(std::string_view text) {
  json::Writer writer;
  writer.string(text);
  return std::move(writer).take();
}

bool has_call(const std::vector<Block>& blocks) {
  return std::ranges::any_of(blocks, [](const Block& block) { return block.kind == Kind::call; });
}

// Anthropic Messages.

std::string claude_buffered(const std::vector<Block>& blocks) {
  std::string content;
  for (const Block& block : blocks) {
    const std::string text = joined(block.fragments);
    if (!content.empty()) content += ',';
    switch (block.kind) {
      case Kind::text:
        content += R"({"type":"text","text":)" + json_text(text) + "}";
        break;
      case Kind::reasoning:
        content += R"({"type":"thinking","thinking":)" + json_text(text) + R"(,"signature":")" +
                   block.mark + R"("})";
        break;
      case Kind::redacted:
        content += R"({"type":"redacted_thinking","data":")" + block.mark + R"("})";
        break;
      case Kind::call:
        content += R"({"type":"tool_use","id":")" + block.mark + R"(","name":"f","input":)" + text +
                   R"(,"caller":{"type":"direct"}})";
    }
  }
  return R"({"id":"m","type":"message","content":[)" + content + R"(],"stop_reason":")" +
         (has_call(blocks) ? "tool_use" : "end_turn") +
         R"(","usage":{"input_tokens":3,"output_tokens":9}})";
}

void add_claude_block(int index, const Block& block, std::vector<std::string>& chunks) {
  const std::string at = R"("index":)" + std::to_string(index);
  const auto start = [&](const std::string& content) {
    chunks.push_back(R"({"type":"content_block_start",)" + at + R"(,"content_block":)" + content +
                     "}");
  };
  const auto add_delta = [&](std::string_view type, std::string_view member,
                             std::string_view text) {
    chunks.push_back(R"({"type":"content_block_delta",)" + at + R"(,"delta":{"type":")" +
                     std::string(type) + R"(",")" + std::string(member) + R"(":)" +
                     json_text(text) + "}}");
  };
  switch (block.kind) {
    case Kind::text:
      start(R"({"type":"text","text":""})");
      for (const std::string& text : block.fragments) add_delta("text_delta", "text", text);
      break;
    case Kind::reasoning:
      start(R"({"type":"thinking","thinking":"","signature":""})");
      for (const std::string& text : block.fragments) add_delta("thinking_delta", "thinking", text);
      add_delta("signature_delta", "signature", block.mark);
      break;
    case Kind::redacted:
      start(R"({"type":"redacted_thinking","data":")" + block.mark + R"("})");
      break;
    case Kind::call:
      start(R"({"type":"tool_use","id":")" + block.mark +
            R"(","name":"f","input":{},"caller":{"type":"direct"}})");
      for (const std::string& text : block.fragments)
        add_delta("input_json_delta", "partial_json", text);
  }
  chunks.push_back(R"({"type":"content_block_stop",)" + at + "}");
}

std::string claude_stream(const std::vector<Block>& blocks) {
  std::vector<std::string> chunks = {
      R"({"type":"message_start","message":{"id":"m","content":[],"usage":{"input_tokens":3}}})"};
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    add_claude_block(static_cast<int>(i), blocks[i], chunks);
  }
  chunks.push_back(R"({"type":"message_delta","delta":{"stop_reason":")" +
                   std::string(has_call(blocks) ? "tool_use" : "end_turn") +
                   R"("},"usage":{"output_tokens":9}})");
  chunks.push_back(R"({"type":"message_stop"})");
  return testing::stream_of(chunks);
}

// Converse.

std::string converse_buffered(const std::vector<Block>& blocks) {
  std::string content;
  for (const Block& block : blocks) {
    const std::string text = joined(block.fragments);
    if (!content.empty()) content += ',';
    switch (block.kind) {
      case Kind::text:
        content += R"({"text":)" + json_text(text) + "}";
        break;
      case Kind::reasoning:
        content += R"({"reasoningContent":{"reasoningText":{"text":)" + json_text(text) +
                   R"(,"signature":")" + block.mark + R"("}}})";
        break;
      case Kind::redacted:
        content += R"({"reasoningContent":{"redactedContent":")" + block.mark + R"("}})";
        break;
      case Kind::call:
        content += R"({"toolUse":{"toolUseId":")" + block.mark + R"(","name":"f","input":)" + text +
                   R"(,"hint":[1]}})";
    }
  }
  return R"({"output":{"message":{"role":"assistant","content":[)" + content +
         R"(]}},"stopReason":")" + (has_call(blocks) ? "tool_use" : "end_turn") +
         R"(","metrics":{"latencyMs":12},)"
         R"("usage":{"inputTokens":3,"outputTokens":9,"totalTokens":12}})";
}

void add_converse_block(int index, const Block& block, std::vector<Frame>& frames) {
  const std::string at = R"({"contentBlockIndex":)" + std::to_string(index);
  const auto add_delta = [&](const std::string& delta) {
    frames.push_back({"contentBlockDelta", at + R"(,"delta":)" + delta + "}"});
  };
  switch (block.kind) {
    case Kind::text:
      for (const std::string& text : block.fragments)
        add_delta(R"({"text":)" + json_text(text) + "}");
      break;
    case Kind::reasoning:
      for (const std::string& text : block.fragments) {
        add_delta(R"({"reasoningContent":{"text":)" + json_text(text) + "}}");
      }
      add_delta(R"({"reasoningContent":{"signature":")" + block.mark + R"("}})");
      break;
    case Kind::redacted:
      add_delta(R"({"reasoningContent":{"redactedContent":")" + block.mark + R"("}})");
      break;
    case Kind::call:
      frames.push_back({"contentBlockStart", at + R"(,"start":{"toolUse":{"toolUseId":")" +
                                                 block.mark + R"(","name":"f","hint":[1]}}})"});
      for (const std::string& text : block.fragments) {
        add_delta(R"({"toolUse":{"input":)" + json_text(text) + "}}");
      }
  }
  frames.push_back({"contentBlockStop", at + "}"});
}

std::string converse_stream(const std::vector<Block>& blocks) {
  std::vector<Frame> frames = {{"messageStart", R"({"role":"assistant"})"}};
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    add_converse_block(static_cast<int>(i), blocks[i], frames);
  }
  frames.push_back(
      {"messageStop",
       R"({"stopReason":")" + std::string(has_call(blocks) ? "tool_use" : "end_turn") + R"("})"});
  frames.push_back({"metadata", R"({"metrics":{"latencyMs":12},)"
                                R"("usage":{"inputTokens":3,"outputTokens":9,"totalTokens":12}})"});
  return testing::framed(frames);
}

// The text-only formats.

std::string text_buffered(const Codec& codec, const std::string& text) {
  if (&codec == &claude_text_codec()) {
    return R"({"completion":)" + json_text(text) + R"(,"stop_reason":"stop_sequence"})";
  }
  if (&codec == &titan_text_codec()) {
    return R"({"inputTextTokenCount":5,"results":[{"tokenCount":10,"outputText":)" +
           json_text(text) + R"(,"completionReason":"FINISH"}]})";
  }
  return R"({"generation":)" + json_text(text) +
         R"(,"prompt_token_count":5,"generation_token_count":10,"stop_reason":"stop"})";
}

std::string text_chunk(const Codec& codec, const std::string& text, bool is_last) {
  if (&codec == &claude_text_codec()) {
    return R"({"completion":)" + json_text(text) + R"(,"stop_reason":)" +
           (is_last ? R"("stop_sequence"})" : "null}");
  }
  if (&codec == &titan_text_codec()) {
    return R"({"outputText":)" + json_text(text) + R"(,"index":0,"inputTextTokenCount":5)" +
           (is_last ? R"(,"totalOutputTextTokenCount":10,"completionReason":"FINISH"})" : "}");
  }
  return R"({"generation":)" + json_text(text) + R"(,"prompt_token_count":5)" +
         (is_last ? R"(,"generation_token_count":10,"stop_reason":"stop"})" : "}");
}

void expect_equal(const Codec& codec, std::string_view stream, std::string_view buffered,
                  unsigned seed) {
  const auto streamed = testing::collected(testing::events_of(codec, stream));
  const auto decoded = codec.decode({.status = 200}, buffered);

  ASSERT_TRUE(streamed) << "seed " << seed << ": " << streamed.error().message;
  ASSERT_TRUE(decoded) << "seed " << seed << ": " << decoded.error().message;
  ASSERT_EQ(*streamed, *decoded) << "seed " << seed << ": " << to_json(*streamed);
}

TEST(StreamProperty, claude_messages_streams_equal_buffered_responses) {
  for (unsigned seed = 0; seed < kAnswers; ++seed) {
    const auto completion = Chance(seed).completion();

    expect_equal(claude_messages_codec(), claude_stream(completion), claude_buffered(completion),
                 seed);
  }
}

TEST(StreamProperty, converse_streams_equal_buffered_responses) {
  for (unsigned seed = 0; seed < kAnswers; ++seed) {
    const auto completion = Chance(seed).completion();

    expect_equal(converse_codec(), converse_stream(completion), converse_buffered(completion),
                 seed);
  }
}

TEST(StreamProperty, text_only_streams_equal_buffered_responses) {
  for (const Codec* codec : {&claude_text_codec(), &titan_text_codec(), &llama_codec()}) {
    for (unsigned seed = 0; seed < kAnswers; ++seed) {
      const auto fragments = Chance(seed).texts();
      std::vector<std::string> chunks;
      for (std::size_t i = 0; i < fragments.size(); ++i) {
        chunks.push_back(text_chunk(*codec, fragments[i], i + 1 == fragments.size()));
      }

      expect_equal(*codec, testing::stream_of(chunks), text_buffered(*codec, joined(fragments)),
                   seed);
    }
  }
}

}  // namespace
}  // namespace llm::bedrock
