#include "local/formats/embeddings/embeddings.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "local/test_support.hpp"

namespace llm::local {
namespace {

using test::Document;

constexpr std::string_view kTitan = "amazon.titan-embed-text-v2:0";
constexpr std::string_view kCohere = "cohere.embed-english-v3";
constexpr std::string_view kCohere4 = "cohere.embed-v4:0";
constexpr std::string_view kNova = "amazon.nova-2-multimodal-embeddings-v1:0";

std::vector<double> numbers(const json::Value& array) {
  std::vector<double> found;
  for (const json::Value value : array.elements()) found.push_back(value.number().value_or(9));
  return found;
}

double product(const std::vector<double>& left, const std::vector<double>& right) {
  double sum = 0;
  for (std::size_t i = 0; i < left.size(); ++i) sum += left[i] * right[i];
  return sum;
}

std::vector<double> titan_vector(const std::string& text) {
  const Document body(test::invoke(kTitan, R"({"inputText":")" + text + "\"}").body);
  return numbers(body["embedding"]);
}

TEST(Embeddings, of_titan_have_the_recorded_format) {
  const Reply reply = test::invoke(kTitan, R"({"inputText":"Hello, world!","dimensions":256})");

  const Document body(reply.body);
  EXPECT_EQ(reply.status, 200);
  EXPECT_TRUE(reply.body.starts_with(R"({"embedding":[)"));
  EXPECT_EQ(body["embedding"].size(), 256U);
  EXPECT_EQ(body["embeddingsByType"]["float"].to_text(), body["embedding"].to_text());
  EXPECT_EQ(body["inputTextTokenCount"].integer(), 2);
  EXPECT_EQ(test::header(reply, "X-Amzn-Bedrock-Input-Token-Count"), "2");
  EXPECT_NE(test::header(reply, "X-Amzn-Bedrock-Invocation-Latency"), "");
  EXPECT_EQ(test::header(reply, "X-Amzn-Bedrock-Output-Token-Count"), "");
}

TEST(Embeddings, are_unit_vectors_that_depend_on_the_text_alone) {
  const std::vector<double> weather = titan_vector("the weather in Paris");

  EXPECT_EQ(weather.size(), 1024U);
  EXPECT_NEAR(product(weather, weather), 1, 1e-6);
  EXPECT_EQ(weather, titan_vector("the weather in Paris"));
  EXPECT_NE(weather, titan_vector("the weather in Rome"));
}

TEST(Embeddings, are_nearer_to_each_other_the_more_words_they_share) {
  const std::vector<double> weather = titan_vector("the weather in Paris");

  EXPECT_GT(product(weather, titan_vector("The weather in Rome")),
            product(weather, titan_vector("prime numbers")));
}

TEST(Embeddings, of_titan_can_be_binary) {
  const Document body(
      test::invoke(kTitan, R"({"inputText":"x","dimensions":256,"embeddingTypes":["binary"]})")
          .body);

  const json::Value binary = body["embeddingsByType"]["binary"];
  EXPECT_FALSE(body["embeddingsByType"]["float"].exists());
  EXPECT_EQ(binary.size(), 256U);
  for (const json::Value bit : binary.elements()) EXPECT_LE(bit.integer().value_or(2), 1);
}

TEST(Embeddings, of_titans_first_generation_have_no_types) {
  const Document body(test::invoke("amazon.titan-embed-text-v1", R"({"inputText":"x"})").body);

  EXPECT_EQ(body["embedding"].size(), 1536U);
  EXPECT_FALSE(body["embeddingsByType"].exists());
}

TEST(Embeddings, of_images_come_from_titan_too) {
  const Document body(test::invoke("amazon.titan-embed-image-v1",
                                   R"({"inputImage":"AAAA",)"
                                   R"("embeddingConfig":{"outputEmbeddingLength":384}})")
                          .body);

  EXPECT_EQ(body["embedding"].size(), 384U);
}

TEST(Embeddings, of_cohere_have_the_recorded_format) {
  const Document third(
      test::invoke(kCohere, R"({"texts":["Hello","World"],"input_type":"search_query"})").body);
  const Document fourth(
      test::invoke(kCohere4, R"({"texts":["Hello"],"input_type":"search_query"})").body);

  EXPECT_EQ(third["response_type"].string(), "embeddings_floats");
  EXPECT_EQ(third["texts"].to_text(), R"(["hello","world"])");
  EXPECT_EQ(third["embeddings"].size(), 2U);
  EXPECT_EQ(test::element(third["embeddings"], 1).size(), 1024U);
  EXPECT_EQ(fourth["response_type"].string(), "embeddings_by_type");
  EXPECT_EQ(fourth["texts"].to_text(), R"(["Hello"])");
  EXPECT_EQ(test::element(fourth["embeddings"]["float"], 0).size(), 1536U);
}

TEST(Embeddings, of_cohere_come_in_every_type_asked_for) {
  const Document body(test::invoke(kCohere,
                                   R"({"texts":["a"],"input_type":"clustering",)"
                                   R"("embedding_types":["int8","uint8","binary","ubinary"]})")
                          .body);

  const json::Value found = body["embeddings"];
  EXPECT_FALSE(found["float"].exists());
  EXPECT_EQ(test::element(found["int8"], 0).size(), 1024U);
  EXPECT_EQ(test::element(found["ubinary"], 0).size(), 128U);
  const std::vector<double> bytes = numbers(test::element(found["int8"], 0));
  const std::vector<double> raised = numbers(test::element(found["uint8"], 0));
  const std::vector<double> packed = numbers(test::element(found["ubinary"], 0));
  EXPECT_EQ(raised[5], bytes[5] + 128);
  EXPECT_EQ(numbers(test::element(found["binary"], 0))[0], packed[0] - 128);
  EXPECT_EQ(packed[0] >= 128, bytes[0] > 0);
}

TEST(Embeddings, of_nova_have_the_recorded_format) {
  const Document body(test::invoke(kNova, R"({"taskType":"SINGLE_EMBEDDING",
      "singleEmbeddingParams":{"embeddingPurpose":"GENERIC_RETRIEVAL","embeddingDimension":256,
      "text":{"value":"Hello, world!","truncationMode":"NONE"}}})")
                          .body);

  const json::Value first = test::element(body["embeddings"], 0);
  EXPECT_EQ(first["embedding"].size(), 256U);
  EXPECT_EQ(first["embeddingType"].string(), "TEXT");
}

/// A body that an embedding model refuses, and the schema violation.
struct Row {
  std::string name{};
  std::string_view model{};
  std::string body{};
  std::string violation{};

  friend void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }
};

std::vector<Row> refusals() {
  std::string texts = R"("a")";
  for (int i = 0; i < 96; ++i) texts += R"(,"a")";
  const std::string nova = R"({"taskType":"SINGLE_EMBEDDING","singleEmbeddingParams":)";
  return {
      {"titan_no_text", kTitan, "{}", "#: required key [inputText] not found"},
      {"titan_empty_text", kTitan, R"({"inputText":""})", "expected minLength: 1, actual: 0"},
      {"titan_unsupported_dimensions", kTitan, R"({"inputText":"a","dimensions":100})",
       "#/dimensions: 100 is not a valid enum value"},
      {"titan_unknown_type", kTitan, R"({"inputText":"a","embeddingTypes":["int8"]})",
       "#/embeddingTypes/0: int8 is not a valid enum value"},
      {"titan_1_has_no_dimensions", "amazon.titan-embed-text-v1",
       R"({"inputText":"a","dimensions":256})", "#: extraneous key [dimensions] is not permitted"},
      {"cohere_no_input_type", kCohere, R"({"texts":["a"]})",
       "#: required key [input_type] not found"},
      {"cohere_unknown_input_type", kCohere, R"({"texts":["a"],"input_type":"x"})",
       "#/input_type: x is not a valid enum value"},
      {"cohere_no_texts", kCohere, R"({"input_type":"clustering"})",
       "#: required key [texts] not found"},
      {"cohere_3_has_no_max_tokens", kCohere,
       R"({"texts":["a"],"input_type":"clustering","max_tokens":5})",
       "#: extraneous key [max_tokens] is not permitted"},
      {"cohere_too_many_texts", kCohere,
       R"({"texts":[)" + texts + R"(],"input_type":"clustering"})",
       "#/texts: expected maximum item count: 96, found: 97"},
      {"cohere_text_too_long", kCohere,
       R"({"texts":["a",")" + std::string(2049, 'a') + R"("],"input_type":"clustering"})",
       "#/texts/1: expected maxLength: 2048, actual: 2049"},
      {"nova_unknown_purpose", kNova,
       nova + R"({"embeddingPurpose":"X","text":{"value":"a","truncationMode":"NONE"}}})",
       "#/singleEmbeddingParams/embeddingPurpose: X is not a valid enum value"},
      {"nova_no_input", kNova, nova + R"({"embeddingPurpose":"CLUSTERING"}})",
       "#/singleEmbeddingParams: required key [text] not found"},
  };
}

class EmbeddingRefusals : public ::testing::TestWithParam<Row> {};

TEST_P(EmbeddingRefusals, are_in_the_words_of_bedrock) {
  const Row& row = GetParam();
  const Reply reply = test::invoke(row.model, row.body);

  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(test::message_of(reply), test::malformed_message(row.violation));
}

INSTANTIATE_TEST_SUITE_P(, EmbeddingRefusals, ::testing::ValuesIn(refusals()), test::RowName{});

TEST(Embeddings, refuse_a_text_beyond_the_context) {
  std::string text;
  for (int i = 0; i < 9279; ++i) text += "a ";

  EXPECT_EQ(test::message_of(test::invoke(kTitan, R"({"inputText":")" + text + "\"}")),
            "400 Bad Request: Too many input tokens. Max input tokens: 8192, request input token "
            "count: 9280 ");
}

TEST(Embeddings, are_neither_streamed_nor_used_with_converse) {
  const Reply streamed = test::invoke_stream(kTitan, R"({"inputText":"a"})");
  const Reply conversed = test::handle(
      test::open_service(), test::model_request(kTitan, "converse", R"({"messages":[]})"));

  EXPECT_EQ(test::message_of(streamed), "The model is unsupported for streaming.");
  EXPECT_EQ(test::message_of(conversed),
            "This action doesn't support the model that you provided. Try again with a supported "
            "text or chat model.");
}

}  // namespace
}  // namespace llm::local
