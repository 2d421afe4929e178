// Every recorded exchange for embeddings, encoded and decoded; what is expected is derived here
// from the recorded JSON, without our codecs.
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "bedrock/codec/converse/test_support.hpp"
#include "bedrock/codec/embedding/embedding.hpp"
#include "tests/support/recorded.hpp"

namespace llm::bedrock {
namespace {

constexpr int kExchanges = 16;

std::optional<int> int_of(const json::Value& value) {
  const auto number = value.integer();
  return number ? std::optional(static_cast<int>(*number)) : std::nullopt;
}

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

EmbeddingRequest titan_request(const json::Value& body) {
  return {.inputs = {body["inputText"].text_or_empty()},
          .dimensions = int_of(body["dimensions"]),
          .normalize = body["normalize"].boolean()};
}

EmbeddingRequest cohere_request(const json::Value& body) {
  EmbeddingRequest request{.input_type = body["input_type"].text_or_empty(),
                           .dimensions = int_of(body["output_dimension"]),
                           .truncate = lower(body["truncate"].text_or_empty()),
                           .max_tokens = int_of(body["max_tokens"])};
  for (const json::Value text : body["texts"].elements()) {
    request.inputs.emplace_back(text.text_or_empty());
  }
  return request;
}

EmbeddingRequest nova_request(const json::Value& body) {
  const json::Value params = body["singleEmbeddingParams"];
  const std::string purpose = params["embeddingPurpose"].text_or_empty();
  return {.inputs = {params["text"]["value"].text_or_empty()},
          .input_type = purpose == "GENERIC_RETRIEVAL" ? "search_query" : purpose,
          .dimensions = int_of(params["embeddingDimension"]),
          .truncate = lower(params["text"]["truncationMode"].text_or_empty())};
}

EmbeddingRequest request_of(const json::Value& body) {
  if (body["inputText"].exists()) return titan_request(body);
  return body["texts"].exists() ? cohere_request(body) : nova_request(body);
}

std::vector<double> numbers_in(const json::Value& array) {
  std::vector<double> numbers;
  for (const json::Value number : array.elements()) numbers.push_back(*number.number());
  return numbers;
}

std::vector<std::vector<double>> vectors_of(const json::Value& result) {
  if (result["embedding"].exists()) return {numbers_in(result["embedding"])};
  const json::Value found = result["embeddings"];
  const json::Value list = found["float"].exists() ? found["float"] : found;
  std::vector<std::vector<double>> vectors;
  for (const json::Value element : list.elements()) {
    vectors.push_back(numbers_in(element.is_object() ? element["embedding"] : element));
  }
  return vectors;
}

void check_exchange(const json::Value& exchange) {
  const std::string id = exchange["id"].text_or_empty();
  const auto model = parse_model_id(exchange["model"].text_or_empty());
  ASSERT_TRUE(model && model->facts != nullptr) << id;
  const EmbeddingCodec* const codec = embedding_codec_for(model->facts->wire_format);
  ASSERT_NE(codec, nullptr) << id;
  const EmbeddingRequest request = request_of(exchange["request"]);
  ASSERT_TRUE(check_embedding(request, *model)) << id;
  ASSERT_EQ(codec->batch_size(request.inputs), request.inputs.size()) << id;

  const auto wire = codec->encode(request, request.inputs, *model);
  const auto result = codec->decode(exchange["response"].to_text());

  ASSERT_TRUE(wire) << id << ": " << wire.error().message;
  EXPECT_EQ(testing::sorted(wire->body), testing::sorted(exchange["request"].to_text())) << id;
  ASSERT_TRUE(result) << id << ": " << result.error().message;
  EXPECT_EQ(result->embeddings, vectors_of(exchange["response"])) << id;
  EXPECT_EQ(result->prompt_tokens, exchange["response"]["inputTextTokenCount"].integer()) << id;
}

TEST(RecordedEmbedding, encodes_and_decodes_every_exchange) {
  const auto count = test_support::for_each_recorded({"embedding"}, check_exchange);
  if (!count) {
    GTEST_SKIP() << "BEDROCK_RECORDED is not set: " << kExchanges << " recorded exchanges skipped";
  }

  EXPECT_EQ(*count, kExchanges);
}

}  // namespace
}  // namespace llm::bedrock
