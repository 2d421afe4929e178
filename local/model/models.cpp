#include "local/model/models.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "base/text.hpp"

namespace llm::local {
namespace {

/// A company and the prefix of its model ids.
struct Provider {
  std::string_view prefix;
  std::string_view name;
};
constexpr std::array kProviders{Provider{"amazon.", "Amazon"},
                                Provider{"anthropic.", "Anthropic"},
                                Provider{"cohere.", "Cohere"},
                                Provider{"deepseek.", "DeepSeek"},
                                Provider{"google.", "Google"},
                                Provider{"moonshot.", "Moonshot AI"},
                                Provider{"nvidia.", "NVIDIA"},
                                Provider{"writer.", "Writer"},
                                Provider{"zai.", "Z.AI"},
                                Provider{"meta.", "Meta"},
                                Provider{"mistral.", "Mistral AI"},
                                Provider{"openai.", "OpenAI"},
                                Provider{"qwen.", "Qwen"},
                                Provider{"ai21.", "AI21 Labs"},
                                Provider{"minimax.", "MiniMax"},
                                Provider{"moonshotai.", "Moonshot AI"},
                                Provider{"twelvelabs.", "TwelveLabs"},
                                Provider{"xai.", "xAI"}};

constexpr std::size_t kMaxIdentifierBytes = 2048;  // botocore: InvokeModelRequest.modelId

/// Whether `text` consists of the characters of a model id or an ARN.
bool looks_like_an_identifier(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-:._/").contains(c);
  });
}

}  // namespace

std::string_view Model::provider() const {
  for (const Provider& provider : kProviders) {
    if (id.starts_with(provider.prefix)) return provider.name;
  }
  return {};
}

std::string_view without_arn(std::string_view identifier) {
  if (!identifier.starts_with("arn:aws")) return identifier;
  for (const std::string_view kind : {":foundation-model/", ":inference-profile/"}) {
    const std::size_t at = identifier.find(kind);
    if (at != std::string_view::npos) return identifier.substr(at + kind.size());
  }
  return identifier;
}

std::unexpected<Refusal> invalid_model() {
  return invalid("The provided model identifier is invalid.");
}

const Model* find_profile(std::string_view id) {
  const std::size_t dot = id.find('.');
  if (dot == std::string_view::npos) return nullptr;
  const Model* model = find_model(id.substr(dot + 1));
  if (model == nullptr) return nullptr;
  const std::vector<std::string_view> prefixes = base::split(model->profiles, ' ');
  const auto found = std::ranges::find(prefixes, id.substr(0, dot + 1));
  return found != prefixes.end() ? model : nullptr;
}

const Model* find_model(std::string_view id) {
  const auto found = std::ranges::lower_bound(models(), id, {}, &Model::id);
  return found != models().end() && found->id == id ? &*found : nullptr;
}

Checked<void> check_end_of_life(std::string_view identifier, base::TimePoint now) {
  const std::string_view id = without_arn(identifier);
  const Model* profile = find_profile(id);
  const Model* model = profile != nullptr ? profile : find_model(id);
  if (model == nullptr || model->end_of_life.empty()) return {};
  const auto end = base::parse_rfc3339(std::string(model->end_of_life) + "T00:00:00Z");
  if (!end || now < *end) return {};
  return std::unexpected(
      Refusal{.status = 404,
              .name = "ResourceNotFoundException",
              .message = "This model version has reached the end of its life. Please refer to the "
                         "AWS documentation for more details."});
}

Checked<const Model*> model_to_invoke(std::string_view identifier) {
  if (identifier.size() > kMaxIdentifierBytes) {
    return invalid(
        "1 validation error detected: Value at 'modelId' failed to satisfy constraint: Member must "
        "have length less than or equal to 2048");
  }
  if (!looks_like_an_identifier(identifier)) {
    return invalid("1 validation error detected: Value '" + std::string(identifier) +
                   "' at 'modelId' failed to satisfy constraint: Member must satisfy regular "
                   "expression pattern: ([a-zA-Z0-9-:.]+)|(arn:aws(-[^:]+)?:bedrock:.+)");
  }

  const std::string_view id = without_arn(identifier);
  if (const Model* model = find_profile(id)) return model;
  const Model* model = find_model(id);
  if (model == nullptr) return invalid_model();
  if (!model->on_demand) {
    return invalid("Invocation of model ID " + std::string(id) +
                   " with on-demand throughput isn\u2019t supported. Retry your request with the "
                   "ID or ARN of an inference profile that contains this model.");
  }
  return model;
}

}  // namespace llm::local
