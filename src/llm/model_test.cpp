#include <llm/model.hpp>

#include <gtest/gtest.h>

namespace llm {
namespace {

TEST(ModelInfo, prints_what_is_unknown_as_null) {
  EXPECT_EQ(
      to_json(ModelInfo{.id = "new.model-v1:0"}),
      R"({"id":"new.model-v1:0","base_id":null,"provider":null,"name":null,"api":null,)"
      R"("wire_format":null,"mode":null,"context_window":null,"max_output_tokens":null,)"
      R"("tools":null,"vision":null,"streaming":null,"reasoning":null,"prompt_caching":null,)"
      R"("input_modalities":null,"profile_prefixes":null,)"
      R"("price_usd":{"input":null,"output":null,"cache_read":null,"cache_write":null,"cache_write_1h":null},)"
      R"("lifecycle":null,"end_of_life":null,"successor":null,"sources":[]})");
}

TEST(ModelInfo, prints_an_empty_list_for_a_known_model_without_profiles) {
  const std::string printed = to_json(ModelInfo{.id = "a.b", .base_id = "a.b"});

  EXPECT_NE(printed.find(R"("profile_prefixes":[])"), std::string::npos);
}

TEST(ModelInfo, prints_each_lifecycle) {
  for (const auto& [lifecycle, word] :
       {std::pair{Lifecycle::active, "active"}, std::pair{Lifecycle::legacy, "legacy"},
        std::pair{Lifecycle::end_of_life, "end_of_life"}}) {
    const std::string printed = to_json(ModelInfo{.lifecycle = lifecycle});

    EXPECT_NE(printed.find("\"lifecycle\":\"" + std::string(word) + "\""), std::string::npos);
  }
}

}  // namespace
}  // namespace llm
