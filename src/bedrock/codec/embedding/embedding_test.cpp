#include "bedrock/codec/embedding/embedding.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "bedrock/codec/native_test_support.hpp"

namespace llm::bedrock {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// The signature of a PNG, which is all that is looked at.
const std::string kPng = "\x89PNG\r\n\x1a\n";

ModelFacts facts_with(WireFormat format) {
  return {.base_id = "vendor.embed",
          .mode = "embedding",
          .wire_format = format,
          .vision = Support::yes};
}

Result<std::string> body_of(WireFormat format, const EmbeddingRequest& request) {
  const ModelFacts facts = facts_with(format);
  auto wire =
      embedding_codec_for(format)->encode(request, request.inputs, testing::model_with(facts));
  if (!wire) return std::unexpected(wire.error());
  EXPECT_EQ(wire->operation, Operation::invoke_model);
  return wire->body;
}

TEST(Embedding, writes_each_option_in_its_wire_format) {
  const struct {
    WireFormat format;
    EmbeddingRequest request;
    std::string body;
  } cases[] = {
      {WireFormat::titan_embedding_v1, {.inputs = {"x"}}, R"({"inputText":"x"})"},
      {WireFormat::titan_embedding_v2,
       {.inputs = {"x"}, .dimensions = 256, .normalize = false},
       R"({"inputText":"x","dimensions":256,"normalize":false})"},
      {WireFormat::cohere_embedding_v3,
       {.inputs = {"x", "y"}, .input_type = "search_query", .truncate = "start"},
       R"({"texts":["x","y"],"input_type":"search_query","truncate":"START"})"},
      {WireFormat::cohere_embedding_v3,
       {.inputs = {ImageContent{.source = kPng}}, .input_type = "search_document"},
       R"({"images":["data:image/png;base64,iVBORw0KGgo="],"input_type":"image"})"},
      {WireFormat::cohere_embedding_v4,
       {.inputs = {"x"}, .input_type = "clustering", .dimensions = 512, .max_tokens = 9},
       R"({"texts":["x"],"input_type":"clustering","max_tokens":9,"output_dimension":512})"},
      {WireFormat::cohere_embedding_v4,
       {.inputs = {ImageContent{.source = kPng}}, .input_type = "search_document"},
       R"({"images":["data:image/png;base64,iVBORw0KGgo="],"input_type":"search_document"})"},
      {WireFormat::nova_embedding,
       {.inputs = {"x"}, .input_type = "search_document", .dimensions = 384, .truncate = "end"},
       R"({"taskType":"SINGLE_EMBEDDING","singleEmbeddingParams":{)"
       R"("embeddingPurpose":"GENERIC_INDEX","embeddingDimension":384,)"
       R"("text":{"truncationMode":"END","value":"x"}}})"},
      {WireFormat::nova_embedding,
       {.inputs = {ImageContent{.source = kPng}}, .input_type = "IMAGE_RETRIEVAL"},
       R"({"taskType":"SINGLE_EMBEDDING","singleEmbeddingParams":{)"
       R"("embeddingPurpose":"IMAGE_RETRIEVAL","image":{"detailLevel":"STANDARD_IMAGE",)"
       R"("format":"png","source":{"bytes":"iVBORw0KGgo="}}}})"},
  };
  for (const auto& row : cases) {
    const auto body = body_of(row.format, row.request);

    ASSERT_TRUE(body) << to_string(row.format) << ": " << body.error().message;
    EXPECT_EQ(*body, row.body) << to_string(row.format);
  }
}

TEST(Embedding, merges_extra_fields_and_warns_when_they_replace) {
  const ModelFacts facts = facts_with(WireFormat::titan_embedding_v2);
  const EmbeddingRequest request{
      .inputs = {"x"},
      .dimensions = 256,
      .extra_fields = Json::from_valid_text(R"({"dimensions":512,"embeddingTypes":["float"]})")};

  const auto wire =
      titan_embedding_codec().encode(request, request.inputs, testing::model_with(facts));

  ASSERT_TRUE(wire);
  EXPECT_EQ(wire->body, R"({"inputText":"x","dimensions":512,"embeddingTypes":["float"]})");
  EXPECT_TRUE(testing::has_warning(wire->warnings, "extra_field_replaces"));
}

TEST(Embedding, refuses_an_option_that_the_form_has_not) {
  const struct {
    WireFormat format;
    EmbeddingRequest request;
    std::string named;
  } cases[] = {
      {WireFormat::titan_embedding_v1, {.inputs = {"x"}, .dimensions = 256}, "dimensions"},
      {WireFormat::titan_embedding_v2, {.inputs = {"x"}, .input_type = "clustering"}, "input_type"},
      {WireFormat::titan_embedding_v2, {.inputs = {"x"}, .truncate = "end"}, "truncate"},
      {WireFormat::titan_embedding_v2, {.inputs = {"x"}, .max_tokens = 5}, "max_tokens"},
      {WireFormat::cohere_embedding_v3,
       {.inputs = {"x"}, .input_type = "clustering", .dimensions = 5},
       "dimensions"},
      {WireFormat::nova_embedding,
       {.inputs = {"x"}, .input_type = "clustering", .max_tokens = 5},
       "max_tokens"},
  };
  for (const auto& row : cases) {
    const auto body = body_of(row.format, row.request);

    ASSERT_FALSE(body) << row.named;
    EXPECT_EQ(body.error().code, ErrorCode::unsupported_feature) << row.named;
    EXPECT_THAT(body.error().message,
                HasSubstr("Model \"vendor.embed\" does not support the option " + row.named));
  }
}

TEST(Embedding, takes_options_that_say_what_the_model_does_anyway) {
  const struct {
    WireFormat format;
    EmbeddingRequest request;
    std::string body;
  } cases[] = {
      {WireFormat::titan_embedding_v1,
       {.inputs = {"x"}, .dimensions = 1536, .normalize = false, .truncate = "none"},
       R"({"inputText":"x"})"},
      {WireFormat::cohere_embedding_v3,
       {.inputs = {"x"}, .input_type = "search_query", .dimensions = 1024, .normalize = true},
       R"({"texts":["x"],"input_type":"search_query"})"},
  };
  for (const auto& row : cases) {
    const auto body = body_of(row.format, row.request);

    ASSERT_TRUE(body) << body.error().message;
    EXPECT_EQ(*body, row.body);
  }
}

TEST(Embedding, normalizes_here_what_the_service_does_not) {
  std::vector<std::vector<double>> vectors = {{3, 4}, {0, 0}};
  std::vector<Warning> warnings;

  normalize_here({.normalize = false}, WireFormat::cohere_embedding_v3, vectors, warnings);
  normalize_here({.normalize = true}, WireFormat::titan_embedding_v2, vectors, warnings);
  EXPECT_THAT(vectors, ElementsAre(ElementsAre(3, 4), ElementsAre(0, 0)));
  EXPECT_TRUE(warnings.empty());

  normalize_here({.normalize = true}, WireFormat::cohere_embedding_v3, vectors, warnings);
  EXPECT_THAT(vectors, ElementsAre(ElementsAre(0.6, 0.8), ElementsAre(0, 0)));
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_EQ(warnings[0].id, "normalized_here");
}

TEST(Embedding, asks_for_the_input_type_that_a_form_must_have) {
  for (const WireFormat format : {WireFormat::cohere_embedding_v3, WireFormat::cohere_embedding_v4,
                                  WireFormat::nova_embedding}) {
    const auto body = body_of(format, {.inputs = {"x"}});

    ASSERT_FALSE(body) << to_string(format);
    EXPECT_EQ(body.error().code, ErrorCode::configuration_error) << to_string(format);
    EXPECT_THAT(body.error().advice, HasSubstr("search_document")) << to_string(format);
  }
}

TEST(Embedding, refuses_what_no_format_can_carry) {
  const auto error_of = [](const EmbeddingRequest& request, Support vision = Support::yes) {
    ModelFacts facts = facts_with(WireFormat::nova_embedding);
    facts.vision = vision;
    const auto checked = check_embedding(request, testing::model_with(facts));
    return checked ? std::string("none") : std::string(to_string(checked.error().code));
  };

  EXPECT_EQ(error_of({.inputs = {"x", ImageContent{.source = kPng}}}), "none");
  EXPECT_EQ(error_of({}), "invalid_request_error");
  EXPECT_EQ(error_of({.inputs = {""}}), "configuration_error");
  EXPECT_EQ(error_of({.inputs = {"\xff"}}), "configuration_error");
  EXPECT_EQ(error_of({.inputs = {ImageContent{.source = "no image"}}}), "configuration_error");
  EXPECT_EQ(error_of({.inputs = {ImageContent{.source = S3Location{"s3://b/k"}}}}),
            "unsupported_feature");
  EXPECT_EQ(error_of({.inputs = {ImageContent{.source = kPng}}}, Support::no),
            "unsupported_feature");
  EXPECT_EQ(error_of({.inputs = {"x"}, .dimensions = 0}), "configuration_error");
  EXPECT_EQ(error_of({.inputs = {"x"}, .max_tokens = -1}), "configuration_error");
  EXPECT_EQ(error_of({.inputs = {"x"}, .truncate = "middle"}), "configuration_error");
}

TEST(Embedding, batches_texts_for_cohere_alone) {
  const std::vector<EmbeddingInput> many(200, "x");
  const std::vector<EmbeddingInput> mixed = {"x", "y", ImageContent{}, "z"};
  const auto after = [&](std::size_t count) { return std::span(mixed).subspan(count); };

  EXPECT_EQ(cohere_embedding_codec().batch_size(many), 96U);
  EXPECT_EQ(cohere_embedding_codec().batch_size(mixed), 2U);
  EXPECT_EQ(cohere_embedding_codec().batch_size(after(2)), 1U);
  EXPECT_EQ(cohere_embedding_codec().batch_size(after(3)), 1U);
  EXPECT_EQ(titan_embedding_codec().batch_size(many), 1U);
  EXPECT_EQ(nova_embedding_codec().batch_size(many), 1U);
}

TEST(Embedding, reads_both_responses_of_cohere) {
  for (const std::string body : {R"({"embeddings":[[1,-0.5],[2e-3,4]]})",
                                 R"({"embeddings":{"float":[[1,-0.5],[2e-3,4]]}})"}) {
    const auto result = cohere_embedding_codec().decode(body);

    ASSERT_TRUE(result) << body;
    EXPECT_THAT(result->embeddings, ElementsAre(ElementsAre(1, -0.5), ElementsAre(0.002, 4)));
  }
}

TEST(Embedding, refuses_a_response_without_numbers) {
  const struct {
    WireFormat format;
    std::string body;
  } cases[] = {
      {WireFormat::titan_embedding_v2, "<html>"},
      {WireFormat::titan_embedding_v2, R"({"embedding":[]})"},
      {WireFormat::titan_embedding_v2, R"({"embedding":[1,"2"]})"},
      {WireFormat::titan_embedding_v2, R"({"embedding":{"a":1}})"},
      {WireFormat::cohere_embedding_v3, "{"},
      {WireFormat::cohere_embedding_v3, R"({"embeddings":[[1],[]]})"},
      {WireFormat::cohere_embedding_v4, R"({"embeddings":{"float":[null]}})"},
      {WireFormat::nova_embedding, ""},
      {WireFormat::nova_embedding, R"({"embeddings":[{"embedding":null}]})"},
  };
  for (const auto& row : cases) {
    const auto result = embedding_codec_for(row.format)->decode(row.body);

    ASSERT_FALSE(result) << row.body;
    EXPECT_EQ(result.error().code, ErrorCode::model_error) << row.body;
  }
}

TEST(Embedding, has_no_codec_for_chat_formats) {
  for (const WireFormat format :
       {WireFormat::none, WireFormat::claude_messages, WireFormat::titan_text}) {
    EXPECT_EQ(embedding_codec_for(format), nullptr) << to_string(format);
  }
}

}  // namespace
}  // namespace llm::bedrock
