// Every recorded buffered response, cut into the events of a stream at random places, folds back to
// the same message. The cuts depend on a seed only.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "bedrock/codec/converse/test_support.hpp"
#include "tests/support/recorded.hpp"

namespace llm::bedrock {
namespace {

using testing::Frame;

constexpr unsigned kSeeds = 5;

bool is_inside_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

/// Cuts texts.
class Knife {
 public:
  explicit Knife(unsigned seed) : engine_(seed) {}

  std::size_t below(std::size_t end) { return engine_() % end; }

  /// Never inside a character, as no event of the service is.
  std::vector<std::string> pieces(std::string_view text) {
    std::vector<std::string> pieces;
    while (!text.empty()) {
      std::size_t size = 1 + below(text.size());
      while (size < text.size() && is_inside_character(text[size])) ++size;
      pieces.emplace_back(text.substr(0, size));
      text.remove_prefix(size);
    }
    return pieces;
  }

 private:
  std::mt19937 engine_;
};

std::string as_json(std::string_view text) { return json::quoted(text); }

/// An object with one member.
std::string object(std::string_view key, std::string_view value) {
  return "{" + as_json(key) + ":" + std::string(value) + "}";
}

/// The object without some of its members.
std::string without(const json::Value& value, std::initializer_list<std::string_view> keys) {
  json::Writer writer;
  writer.begin_object();
  for (const auto [key, member] : value.members()) {
    if (std::ranges::find(keys, key) == keys.end()) member.write_to(writer.key(key));
  }
  writer.end_object();
  return std::move(writer).take();
}

/// The events of one Converse block.
class ConverseBlock {
 public:
  ConverseBlock(int index, Knife& knife, std::vector<Frame>& out)
      : at_(R"({"contentBlockIndex":)" + std::to_string(index)), knife_(knife), out_(out) {}

  void write(const json::Value& block) {
    for (const auto [kind, value] : block.members()) write(kind, value);
    out_.push_back({"contentBlockStop", at_ + "}"});
  }

 private:
  void start(const std::string& start) {
    out_.push_back({"contentBlockStart", at_ + R"(,"start":)" + start + "}"});
  }
  void delta(const std::string& delta) {
    out_.push_back({"contentBlockDelta", at_ + R"(,"delta":)" + delta + "}"});
  }
  void texts(std::string_view text, std::string_view kind, std::string_view member = {}) {
    for (const std::string& piece : knife_.pieces(text)) {
      delta(object(kind, member.empty() ? as_json(piece) : object(member, as_json(piece))));
    }
  }

  void write(std::string_view kind, const json::Value& value) {
    if (kind == "text") return texts(value.text_or_empty(), kind);
    if (kind == "toolUse") {
      start(object(kind, without(value, {"input"})));
      return texts(value["input"].to_text(), kind, "input");
    }
    if (kind == "reasoningContent") {
      const json::Value text = value["reasoningText"];
      texts(text["text"].text_or_empty(), kind, "text");
      if (text["signature"].exists()) delta(object(kind, without(text, {"text"})));
      if (value["redactedContent"].exists()) delta(object(kind, value.to_text()));
      return;
    }
    if (kind == "citationsContent") {
      for (const json::Value part : value["content"].elements()) {
        texts(part["text"].text_or_empty(), "text");
      }
      for (const json::Value cited : value["citations"].elements()) {
        delta(object("citation", cited.to_text()));
      }
      return;
    }
    if (kind == "toolResult") {
      start(object(kind, without(value, {"content"})));
      for (const json::Value part : value["content"].elements()) {
        delta(object(kind, "[" + part.to_text() + "]"));
      }
      return;
    }
    // A kind of block that no version knows how to cut: in one piece, or each text of it in many.
    start(object(kind, "{}"));
    for (const auto [name, member] : value.members()) {
      if (!member.is_string()) {
        delta(object(kind, object(name, member.to_text())));
      } else {
        texts(member.text_or_empty(), kind, name);
      }
    }
  }

  std::string at_;
  Knife& knife_;
  std::vector<Frame>& out_;
};

std::string converse_stream(const json::Value& response, unsigned seed) {
  Knife knife(seed);
  std::vector<Frame> frames = {{"messageStart", R"({"role":"assistant"})"}};
  int index = 0;
  for (const json::Value block : response["output"]["message"]["content"].elements()) {
    ConverseBlock(index++, knife, frames).write(block);
  }
  frames.push_back({"messageStop", without(response, {"output", "usage", "metrics", "trace"})});
  frames.push_back({"metadata", without(response, {"output", "stopReason"})});
  return testing::framed(frames);
}

/// The chunks of one block of Anthropic Messages.
void add_claude_block(int index, const json::Value& block, Knife& knife,
                      std::vector<std::string>& out) {
  const std::string at = R"(,"index":)" + std::to_string(index);
  const auto add = [&](const std::string& event, const std::string& rest) {
    out.push_back(R"({"type":)" + as_json(event) + at + rest + "}");
  };
  const auto texts = [&](std::string_view type, std::string_view member, std::string_view text) {
    for (const std::string& piece : knife.pieces(text)) {
      add("content_block_delta", R"(,"delta":{"type":)" + as_json(type) + "," + as_json(member) +
                                     ":" + as_json(piece) + "}");
    }
  };
  const std::string type = block["type"].text_or_empty();
  const bool is_call = block["input"].exists();
  add("content_block_start",
      R"(,"content_block":)" +
          without(block, {"text", "thinking", "signature", "citations", "input", "content"}));
  texts("text_delta", "text", block["text"].text_or_empty());
  texts("thinking_delta", "thinking", block["thinking"].text_or_empty());
  texts("signature_delta", "signature", block["signature"].text_or_empty());
  if (is_call) texts("input_json_delta", "partial_json", block["input"].to_text());
  for (const json::Value cited : block["citations"].elements()) {
    add("content_block_delta",
        R"(,"delta":{"type":"citations_delta","citation":)" + cited.to_text() + "}");
  }
  const json::Value content = block["content"];
  if (content.is_string()) texts(type + "_delta", "content", *content.string());
  if (content.is_array()) {
    add("content_block_delta", R"(,"delta":{"type":)" + as_json(type + "_delta") +
                                   R"(,"content":)" + content.to_text() + "}");
  }
  add("content_block_stop", "");
}

std::string claude_stream(const json::Value& response, unsigned seed) {
  Knife knife(seed);
  std::vector<std::string> chunks = {R"({"type":"message_start","message":{"content":[],"id":)" +
                                     as_json(response["id"].text_or_empty()) + R"(,"usage":)" +
                                     response["usage"].to_text() + "}}"};
  int index = 0;
  for (const json::Value block : response["content"].elements()) {
    add_claude_block(index++, block, knife, chunks);
  }
  chunks.push_back(R"({"type":"message_delta","delta":{"stop_reason":)" +
                   response["stop_reason"].to_text() + R"(,"stop_sequence":)" +
                   response["stop_sequence"].to_text() + "}}");
  chunks.push_back(R"({"type":"message_stop"})");
  return testing::stream_of(chunks);
}

/// A text-only format: `text` is the member that is cut, and all others come with the last chunk.
std::string text_stream(const json::Value& response, std::string_view text, unsigned seed) {
  Knife knife(seed);
  std::vector<std::string> chunks;
  for (const std::string& piece : knife.pieces(response[text].text_or_empty())) {
    chunks.push_back(object(text, as_json(piece)));
  }
  std::string last = without(response, {text});
  last.insert(1, as_json(text) + ":\"\"" + (last == "{}" ? "" : ","));
  chunks.push_back(last);
  return testing::stream_of(chunks);
}

/// Titan Text: a chunk has the members of a result, the last one the counts and what a guardrail
/// says too.
std::string titan_stream(const json::Value& response, unsigned seed) {
  Knife knife(seed);
  std::vector<std::string> chunks;
  const json::Value result = *response["results"].elements().begin();
  for (const std::string& piece : knife.pieces(result["outputText"].text_or_empty())) {
    chunks.push_back(R"({"index":0,"outputText":)" + as_json(piece) + "}");
  }
  chunks.push_back(R"({"index":0,"outputText":"","completionReason":)" +
                   result["completionReason"].to_text() + R"(,"totalOutputTextTokenCount":)" +
                   result["tokenCount"].to_text() + R"(,"inputTextTokenCount":)" +
                   response["inputTextTokenCount"].to_text() + "}");
  const std::string rest = without(response, {"results", "inputTextTokenCount"});
  if (rest != "{}") chunks.back().replace(chunks.back().size() - 1, 1, "," + rest.substr(1));
  return testing::stream_of(chunks);
}

void expect_same(const Codec& codec, const json::Value& exchange, const std::string& stream,
                 unsigned seed) {
  const std::string where = exchange["id"].text_or_empty() + ", seed " + std::to_string(seed);
  const auto whole = codec.decode({.status = 200}, exchange["response"].to_text());
  const auto folded = testing::collected(testing::events_of(codec, stream));
  ASSERT_TRUE(whole) << where << ": " << whole.error().message;
  ASSERT_TRUE(folded) << where << ": " << folded.error().message;
  EXPECT_EQ(folded->choices[0].message, whole->choices[0].message)
      << where << ": " << to_json(*folded) << "\n"
      << to_json(*whole);
  EXPECT_EQ(folded->choices[0].finish_reason, whole->choices[0].finish_reason) << where;
  EXPECT_EQ(folded->choices[0].stop_reason, whole->choices[0].stop_reason) << where;
}

/// Calls `check` for each recorded buffered response that was a success. Returns how many.
template <typename Check>
std::optional<int> for_each_success(std::string_view format, Check check) {
  int successes = 0;
  const auto found = test_support::for_each_recorded({format}, [&](const json::Value& exchange) {
    if (!exchange["response"].is_object() || exchange["status"].integer() != 200) return;
    ++successes;
    for (unsigned seed = 0; seed < kSeeds; ++seed) check(exchange, seed);
  });
  return found ? std::optional(successes) : std::nullopt;
}

TEST(RecordedFold, converse_responses_fold_back_from_random_events) {
  const auto count = for_each_success("converse", [](const json::Value& exchange, unsigned seed) {
    expect_same(converse_codec(), exchange, converse_stream(exchange["response"], seed), seed);
  });

  if (!count) GTEST_SKIP() << "BEDROCK_RECORDED is not set";
  EXPECT_GT(*count, 100);
}

TEST(RecordedFold, claude_responses_fold_back_from_random_events) {
  const auto count = for_each_success("claude_messages", [](const json::Value& exchange,
                                                            unsigned seed) {
    expect_same(claude_messages_codec(), exchange, claude_stream(exchange["response"], seed), seed);
  });

  if (!count) GTEST_SKIP() << "BEDROCK_RECORDED is not set";
  EXPECT_GT(*count, 5);
}

TEST(RecordedFold, text_responses_fold_back_from_random_events) {
  const auto llama = for_each_success("llama", [](const json::Value& exchange, unsigned seed) {
    expect_same(llama_codec(), exchange, text_stream(exchange["response"], "generation", seed),
                seed);
  });
  const auto claude =
      for_each_success("claude_text", [](const json::Value& exchange, unsigned seed) {
        expect_same(claude_text_codec(), exchange,
                    text_stream(exchange["response"], "completion", seed), seed);
      });

  const auto titan = for_each_success("titan_text", [](const json::Value& exchange, unsigned seed) {
    expect_same(titan_text_codec(), exchange, titan_stream(exchange["response"], seed), seed);
  });

  if (!llama || !claude || !titan) GTEST_SKIP() << "BEDROCK_RECORDED is not set";
  EXPECT_GT(*llama + *claude + *titan, 5);
}

}  // namespace
}  // namespace llm::bedrock
