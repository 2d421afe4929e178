// The tables of wire formats, and a text-only family that is added to them as CONTRIBUTING
// describes: one enumerator with its name, one codec, one row. The steps in files are marked (1) to
// (3).
#include "bedrock/codec/formats.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>

#include "bedrock/codec/embedding/embedding.hpp"
#include "bedrock/codec/native_test_support.hpp"
#include "bedrock/codec/text/request.hpp"
#include "bedrock/codec/text/response.hpp"
#include "tests/support/source_directory.hpp"

namespace llm::bedrock {
namespace {

using ::testing::HasSubstr;

bool has_chat_codec(WireFormat format) {
  return std::ranges::find(kChatFormats, format, &ChatFormat::format) != kChatFormats.end();
}

TEST(WireFormats, have_one_codec_each) {
  for (const auto& [format, name] : kWireFormats) {
    if (format == WireFormat::none) continue;
    EXPECT_NE(has_chat_codec(format), embedding_codec_for(format) != nullptr) << name;
  }
}

TEST(WireFormats, have_unique_names_that_are_read_back) {
  for (const auto& [format, name] : kWireFormats) {
    EXPECT_EQ(wire_format_from(name), format) << name;
    EXPECT_EQ(to_string(format), name);
  }
  EXPECT_EQ(wire_format_from("llama5"), std::nullopt);
}

TEST(WireFormats, are_documented) {
  std::ifstream file(test_support::source_directory() / "docs/wire-formats.md");
  const std::string page((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());

  for (const auto& [format, name] : kWireFormats) {
    EXPECT_THAT(page, HasSubstr("`" + std::string(name) + "`"));
  }
}

TEST(WireFormats, go_through_converse_without_a_codec_of_their_own) {
  EXPECT_EQ(&codec_for(WireFormat::none), &converse_codec());
  EXPECT_EQ(&codec_for(WireFormat::nova_embedding), &converse_codec());
}

// (1) catalogue/wire_format.hpp: the enumerator and its name.
constexpr auto kSampleText = static_cast<WireFormat>(100);
constexpr auto kNamesWithSample = [] {
  std::array<WireFormatName, kWireFormats.size() + 1> names{};
  std::ranges::copy(kWireFormats, names.begin());
  names.back() = {kSampleText, "sample_text"};
  return names;
}();

// (2) codec/text/sample_text.cpp: the codec, a file of its own.
constexpr std::string_view kSampleFormat = "sample_text";
constexpr std::array<std::string_view, 2> kSampleTokens{"<user>", "<model>"};

Result<std::string> sample_prompt(TextRequest& text, const ModelId& model) {
  auto system = fold_system(text, model);
  if (!system) return system;
  std::string prompt;
  for (const Turn& turn : text.conversation.turns) {
    const auto message_text = plain_text(turn.blocks, model);
    if (!message_text) return message_text;
    prompt += turn.role == Role::user ? "<user>" : "<model>";
    prompt += std::exchange(*system, {}) + *message_text;
  }
  return prompt + "<model>";
}

std::expected<TextOutput, std::string_view> read_sample(const json::Value& object) {
  const auto text = object["text"].string();
  if (!text) return std::unexpected("It has no \"text\".");
  TextOutput output{.text = *text, .stop_reason = object["stop"].string()};
  if (output.stop_reason == "end") output.finish_reason = FinishReason::stop;
  return output;
}

class SampleTextCodec final : public Codec {
 public:
  Result<WireRequest> encode(const ChatRequest& request, Conversation conversation,
                             const ModelId& model, Delivery delivery) const override {
    auto text =
        begin_text_request(request, std::move(conversation), model, delivery, kSampleTokens);
    if (!text) return std::unexpected(text.error());
    const auto prompt = sample_prompt(*text, model);
    if (!prompt) return std::unexpected(prompt.error());
    if (text->body.begin("prompt")) text->body.writer().string(*prompt);
    if (text->body.begin("limit")) text->body.writer().integer(text->max_tokens);
    text->body.member("temperature", request.temperature);
    return std::move(text->body).finish(request, model, delivery);
  }
  Result<ChatResponse> decode(const HttpResponseHead& head, std::string_view body) const override {
    return decode_text_response(kSampleFormat, read_sample, head, body);
  }
  std::unique_ptr<StreamDecoder> stream_decoder() const override {
    return text_stream_decoder(read_sample);
  }
};

const Codec& sample_text_codec() {
  static const SampleTextCodec codec;
  return codec;
}

// (3) codec/formats.hpp: the row.
constexpr auto kFormatsWithSample = [] {
  std::array<ChatFormat, kChatFormats.size() + 1> formats{};
  std::ranges::copy(kChatFormats, formats.begin());
  formats.back() = {kSampleText, sample_text_codec};
  return formats;
}();

constexpr ModelFacts kSampleModel{
    .base_id = "acme.sample-v1", .wire_format = kSampleText, .max_output_tokens = 100};

const Codec& codec() { return codec_for(kSampleText, kFormatsWithSample); }

TEST(NewTextFamily, is_named_and_found_by_its_rows_alone) {
  EXPECT_EQ(wire_format_from("sample_text", kNamesWithSample), kSampleText);
  EXPECT_EQ(to_string(kSampleText, kNamesWithSample), "sample_text");
  EXPECT_EQ(&codec(), &sample_text_codec());
  EXPECT_EQ(&codec_for(kSampleText), &converse_codec());
}

TEST(NewTextFamily, writes_its_requests) {
  ChatRequest request{.messages = {Message::system("s"), Message::user("a"),
                                   Message::assistant("b"), Message::user("c")}};
  request.temperature = 0.5;

  const auto wire =
      testing::encode(codec(), request, testing::model_with(kSampleModel), Delivery::buffered);

  ASSERT_TRUE(wire) << wire.error().message;
  EXPECT_EQ(wire->body,
            R"({"prompt":"<user>s\n\na<model>b<user>c<model>","limit":100,"temperature":0.5})");
  EXPECT_TRUE(testing::has_warning(wire->warnings, "system_folded"));
}

TEST(NewTextFamily, refuses_what_is_not_text_like_every_text_family) {
  ChatRequest request = testing::ask("a");
  request.messages[0].content.emplace_back(CachePoint{});

  const auto wire =
      testing::encode(codec(), request, testing::model_with(kSampleModel), Delivery::buffered);

  ASSERT_FALSE(wire);
  EXPECT_EQ(wire.error().code, ErrorCode::unsupported_feature);
  EXPECT_EQ(wire.error().message,
            "Block messages[0].content[1] is a cache point. Model \"acme.sample-v1\" accepts text "
            "only.");
}

TEST(NewTextFamily, reads_buffered_and_streaming_responses) {
  const auto buffered = codec().decode({.status = 200}, R"({"text":"Hi there","stop":"end"})");
  const auto streamed = testing::collected(
      testing::events_of(codec(), testing::stream_of({R"({"text":"Hi "})", R"({"text":"there"})",
                                                      R"({"text":"","stop":"end"})"})));

  ASSERT_TRUE(buffered) << buffered.error().message;
  ASSERT_TRUE(streamed) << streamed.error().message;
  EXPECT_EQ(buffered->choices[0].message.text(), "Hi there");
  EXPECT_EQ(buffered->choices[0].finish_reason, FinishReason::stop);
  EXPECT_EQ(streamed->choices, buffered->choices);
}

}  // namespace
}  // namespace llm::bedrock
