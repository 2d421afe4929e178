#include "local/model/mantle.hpp"

#include <algorithm>
#include <array>

namespace llm::local {
namespace {

/// Another id of a model on bedrock-mantle.
struct MantleId {
  std::string_view id;
  std::string_view runtime_id;
};

// Source: LiteLLM 1.110.2, `bedrock_mantle/`.
constexpr auto kMantleIds = std::to_array<MantleId>({
    {"anthropic.claude-haiku-4-5", "anthropic.claude-haiku-4-5-20251001-v1:0"},
    {"deepseek.v3.1", "deepseek.v3-v1:0"},
    {"openai.gpt-5.6-cyber", "openai.gpt-5.6-sol"},
    {"qwen.qwen3-235b-a22b-2507", "qwen.qwen3-235b-a22b-2507-v1:0"},
    {"qwen.qwen3-32b", "qwen.qwen3-32b-v1:0"},
    {"qwen.qwen3-coder-30b-a3b-instruct", "qwen.qwen3-coder-30b-a3b-v1:0"},
    {"qwen.qwen3-coder-480b-a35b-instruct", "qwen.qwen3-coder-480b-a35b-v1:0"},
    {"qwen.qwen3-next-80b-a3b-instruct", "qwen.qwen3-next-80b-a3b"},
    {"qwen.qwen3-vl-235b-a22b-instruct", "qwen.qwen3-vl-235b-a22b"},
});

/// The families of Converse alone that have a native format of their own, which is not that of Chat
/// Completions.
constexpr std::array<std::string_view, 6> kOtherFamilies = {
    "amazon.", "cohere.", "deepseek.r1-", "mistral.mistral-7b-", "mistral.mixtral-", "ai21.j2-"};

std::optional<MantleApi> api_of(const Model& model) {
  if (model.wire_format == WireFormat::claude_messages) return MantleApi::messages;
  const auto is_of = [&model](std::string_view start) { return model.id.starts_with(start); };
  if (model.wire_format != WireFormat::converse_only || model.embeds()) return std::nullopt;
  if (std::ranges::any_of(kOtherFamilies, is_of)) return std::nullopt;
  return MantleApi::chat_completions;
}

std::optional<MantleModel> offered(std::string_view id, const Model* model) {
  const std::optional<MantleApi> api = model == nullptr ? std::nullopt : api_of(*model);
  if (!api) return std::nullopt;
  return MantleModel{.id = std::string(id), .model = model, .api = *api};
}

}  // namespace

std::optional<MantleModel> find_mantle_model(std::string_view id) {
  const auto* const other = std::ranges::find(kMantleIds, id, &MantleId::id);
  if (other != kMantleIds.end()) return offered(id, find_model(other->runtime_id));
  if (const Model* const profile = find_profile(id)) return offered(id, profile);
  return offered(id, find_model(id));
}

std::vector<MantleModel> mantle_models() {
  std::vector<MantleModel> all;
  const auto add = [&all](std::string_view id) {
    if (auto found = find_mantle_model(id)) all.push_back(std::move(*found));
  };
  for (const Model& model : models()) add(model.id);
  for (const MantleId& other : kMantleIds) add(other.id);
  std::ranges::sort(all, {}, &MantleModel::id);
  return all;
}

bool is_under_openai(std::string_view id) {
  if (id.starts_with("openai.gpt-")) return !id.starts_with("openai.gpt-oss-");
  return id.starts_with("google.gemma-4") || id.starts_with("xai.");
}

}  // namespace llm::local
