#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "local/model/models.hpp"

namespace llm::local {

/// The APIs of bedrock-mantle that take a model.
enum class MantleApi { messages, chat_completions };

/// A model as bedrock-mantle offers it.
struct MantleModel {
  std::string id{};  ///< There; Bedrock Runtime may have another one.
  const Model* model = nullptr;
  MantleApi api = MantleApi::chat_completions;
};

/// The model with this id, or nullopt. Bare ids are served whether they have on-demand throughput
/// elsewhere or not; profiles of models are accepted, too.
[[nodiscard]] std::optional<MantleModel> find_mantle_model(std::string_view id);

/// All of them, sorted by id.
[[nodiscard]] std::vector<MantleModel> mantle_models();

/// Whether Chat Completions with the model are under `/openai/v1` alone.
/// Source: NousResearch/hermes-agent#52316; @ai-sdk/amazon-bedrock 5.0.101.
[[nodiscard]] bool is_under_openai(std::string_view id);

}  // namespace llm::local
