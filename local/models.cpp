#include "local/models.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "base/text.hpp"

namespace llm::local {
namespace {

// What a generation of models has in common.
constexpr Model kTitan{.form = WireForm::titan_text, .system_prompt = false, .legacy = true};
constexpr Model kClaude2{
    .context_tokens = 100'000, .max_output_tokens = 4096, .legacy = true, .text_completions = true};
constexpr Model kClaude3{.context_tokens = 200'000, .tools = true, .vision = true, .legacy = true};
constexpr Model kClaude4{.context_tokens = 200'000,
                         .on_demand = false,
                         .tools = true,
                         .vision = true,
                         .thinking = true,
                         .legacy = true};
constexpr Model kClaude45{.context_tokens = 200'000,
                          .max_output_tokens = 64'000,
                          .on_demand = false,
                          .tools = true,
                          .vision = true,
                          .thinking = true,
                          .sampling = Sampling::either};
constexpr Model kClaude46{.context_tokens = 1'000'000,
                          .max_output_tokens = 128'000,
                          .on_demand = false,
                          .tools = true,
                          .vision = true,
                          .thinking = true,
                          .prefill = false,
                          .sampling = Sampling::either};
constexpr Model kClaude5{.context_tokens = 1'000'000,
                         .max_output_tokens = 128'000,
                         .on_demand = false,
                         .tools = true,
                         .vision = true,
                         .thinking = true,
                         .system_messages = true,
                         .prefill = false,
                         .sampling = Sampling::either};
constexpr Model kOpus47{.context_tokens = 1'000'000,
                        .max_output_tokens = 128'000,
                        .on_demand = false,
                        .tools = true,
                        .vision = true,
                        .thinking = true,
                        .system_messages = true,
                        .prefill = false,
                        .sampling = Sampling::none};
constexpr Model kLlama{.form = WireForm::llama};
constexpr Model kLlama31{.form = WireForm::llama, .tools = true, .streamed_tools = false};
constexpr Model kLlama4{
    .form = WireForm::llama, .tools = true, .streamed_tools = false, .vision = true};
constexpr Model kNova{.form = WireForm::converse_only,
                      .context_tokens = 300'000,
                      .max_output_tokens = 10'000,
                      .tools = true,
                      .vision = true,
                      .video = true};
constexpr Model kNova2{.form = WireForm::converse_only,
                       .context_tokens = 1'000'000,
                       .max_output_tokens = 65'535,
                       .on_demand = false,
                       .tools = true,
                       .vision = true,
                       .video = true};
constexpr Model kNovaMicro{.form = WireForm::converse_only,
                           .context_tokens = 128'000,
                           .max_output_tokens = 10'000,
                           .tools = true};
constexpr Model kDeepSeek3{.form = WireForm::converse_only,
                           .context_tokens = 163'840,
                           .max_output_tokens = 81'920,
                           .tools = true};
constexpr Model kMistralLarge3{.form = WireForm::converse_only,
                               .context_tokens = 262'144,
                               .max_output_tokens = 8192,
                               .tools = true,
                               .vision = true};
constexpr Model kGptOss{.form = WireForm::converse_only,
                        .context_tokens = 131'072,
                        .max_output_tokens = 128'000,
                        .tools = true};
constexpr Model kConverse{.form = WireForm::converse_only, .tools = true};
constexpr Model kConverseVision{.form = WireForm::converse_only, .tools = true, .vision = true};
constexpr Model kQwen3{.form = WireForm::converse_only,
                       .context_tokens = 32'768,
                       .max_output_tokens = 16'384,
                       .tools = true};

constexpr Model titan(std::string_view id, std::string_view name, std::int64_t context,
                      std::int64_t max_output) {
  Model model = kTitan;
  model.id = id;
  model.name = name;
  model.context_tokens = context;
  model.max_output_tokens = max_output;
  return model;
}

constexpr Model claude(Model generation, std::string_view id, std::string_view name,
                       std::string_view native_name, std::string_view profiles,
                       std::int64_t max_output = 0) {
  generation.id = id;
  generation.name = name;
  generation.native_name = native_name;
  generation.profiles = profiles;
  if (max_output != 0) generation.max_output_tokens = max_output;
  return generation;
}

constexpr Model llama(Model model, std::string_view id, std::string_view name, std::int64_t context,
                      std::int64_t max_output, std::string_view profiles, bool on_demand) {
  model.id = id;
  model.name = name;
  model.context_tokens = context;
  model.max_output_tokens = max_output;
  model.profiles = profiles;
  model.on_demand = on_demand;
  return model;
}

constexpr Model sized(Model model, std::string_view id, std::string_view name, std::int64_t context,
                      std::int64_t max_output) {
  model.id = id;
  model.name = name;
  model.context_tokens = context;
  model.max_output_tokens = max_output;
  return model;
}

/// Callable through the profiles only.
constexpr Model profiled(Model model, std::string_view profiles) {
  model.profiles = profiles;
  model.on_demand = false;
  return model;
}

constexpr Model named(Model model, std::string_view id, std::string_view name,
                      std::string_view profiles = "") {
  model.id = id;
  model.name = name;
  model.profiles = profiles;
  return model;
}

// Source: ListFoundationModels; Bedrock User Guide "Supported foundation models"; the native names
// from recorded answers.
constexpr std::array kModels{
    named(kNova2, "amazon.nova-2-lite-v1:0", "Nova 2 Lite", "us. eu. apac. jp. global."),
    named(kNova, "amazon.nova-lite-v1:0", "Nova Lite", "us. eu. apac. ca."),
    named(kNovaMicro, "amazon.nova-micro-v1:0", "Nova Micro", "us. eu. apac."),
    named(kNova, "amazon.nova-pro-v1:0", "Nova Pro", "us. eu. apac."),
    titan("amazon.titan-text-express-v1", "Titan Text G1 - Express", 8192, 8192),
    titan("amazon.titan-text-lite-v1", "Titan Text G1 - Lite", 4096, 4096),
    titan("amazon.titan-text-premier-v1:0", "Titan Text G1 - Premier", 32'000, 3072),
    claude(kClaude3, "anthropic.claude-3-5-haiku-20241022-v1:0", "Claude 3.5 Haiku",
           "claude-3-5-haiku-20241022", "us. eu.", 8192),
    claude(kClaude3, "anthropic.claude-3-5-sonnet-20240620-v1:0", "Claude 3.5 Sonnet",
           "claude-3-5-sonnet-20240620", "us. eu. apac. us-gov.", 8192),
    claude(kClaude3, "anthropic.claude-3-5-sonnet-20241022-v2:0", "Claude 3.5 Sonnet v2",
           "claude-3-5-sonnet-20241022", "us. eu. apac.", 8192),
    claude(kClaude4, "anthropic.claude-3-7-sonnet-20250219-v1:0", "Claude 3.7 Sonnet",
           "claude-3-7-sonnet-20250219", "us. eu. apac. us-gov.", 64'000),
    claude(kClaude3, "anthropic.claude-3-haiku-20240307-v1:0", "Claude 3 Haiku",
           "claude-3-haiku-20240307", "us. eu. apac.", 4096),
    claude(kClaude3, "anthropic.claude-3-sonnet-20240229-v1:0", "Claude 3 Sonnet",
           "claude-3-sonnet-20240229", "us. eu. apac.", 4096),
    claude(kClaude45, "anthropic.claude-haiku-4-5-20251001-v1:0", "Claude Haiku 4.5",
           "claude-haiku-4-5-20251001", "us. eu. apac. au. in. jp. global."),
    claude(kClaude5, "anthropic.claude-haiku-5-5", "Claude Haiku 5.5", "claude-haiku-5-5",
           "us. eu. au. jp. global."),
    claude(kClaude2, "anthropic.claude-instant-v1", "Claude Instant", "claude-instant-1.2", ""),
    claude(kClaude4, "anthropic.claude-opus-4-1-20250805-v1:0", "Claude Opus 4.1",
           "claude-opus-4-1-20250805", "us. eu.", 32'000),
    claude(kClaude45, "anthropic.claude-opus-4-5-20251101-v1:0", "Claude Opus 4.5",
           "claude-opus-4-5-20251101", "us. eu. global."),
    claude(kClaude46, "anthropic.claude-opus-4-6-v1", "Claude Opus 4.6", "claude-opus-4-6",
           "us. eu. au. global."),
    claude(kOpus47, "anthropic.claude-opus-4-7", "Claude Opus 4.7", "claude-opus-4-7",
           "us. eu. au. jp. global."),
    claude(kOpus47, "anthropic.claude-opus-4-8", "Claude Opus 4.8", "claude-opus-4-8",
           "us. eu. au. jp. global."),
    claude(kOpus47, "anthropic.claude-opus-5-5", "Claude Opus 5.5", "claude-opus-5-5",
           "us. eu. au. jp. global."),
    claude(kClaude4, "anthropic.claude-sonnet-4-20250514-v1:0", "Claude Sonnet 4",
           "claude-sonnet-4-20250514", "us. eu. apac. global.", 64'000),
    claude(kClaude45, "anthropic.claude-sonnet-4-5-20250929-v1:0", "Claude Sonnet 4.5",
           "claude-sonnet-4-5-20250929", "us. eu. au. jp. us-gov. global."),
    claude(kClaude46, "anthropic.claude-sonnet-4-6", "Claude Sonnet 4.6", "claude-sonnet-4-6",
           "us. eu. au. jp. global."),
    claude(kClaude5, "anthropic.claude-sonnet-5", "Claude Sonnet 5", "claude-sonnet-5",
           "us. eu. au. in. jp. global."),
    claude(kClaude5, "anthropic.claude-sonnet-5-5", "Claude Sonnet 5.5", "claude-sonnet-5-5",
           "us. eu. au. global."),
    claude(kClaude2, "anthropic.claude-v2", "Claude", "claude-2.0", ""),
    claude(kClaude2, "anthropic.claude-v2:1", "Claude", "claude-2.1", ""),
    profiled(sized(kConverse, "deepseek.r1-v1:0", "DeepSeek-R1", 128'000, 32'768), "us."),
    named(kDeepSeek3, "deepseek.v3-v1:0", "DeepSeek-V3.1"),
    sized(kConverseVision, "google.gemma-3-27b-it", "Gemma 3 27B Instruct", 202'752, 8192),
    llama(kLlama, "meta.llama2-13b-chat-v1", "Llama 2 Chat 13B", 4096, 2048, "", true),
    llama(kLlama, "meta.llama2-70b-chat-v1", "Llama 2 Chat 70B", 4096, 2048, "", true),
    llama(kLlama31, "meta.llama3-1-70b-instruct-v1:0", "Llama 3.1 70B Instruct", 128'000, 8192,
          "us.", true),
    llama(kLlama31, "meta.llama3-1-8b-instruct-v1:0", "Llama 3.1 8B Instruct", 128'000, 8192, "us.",
          true),
    llama(kLlama31, "meta.llama3-2-1b-instruct-v1:0", "Llama 3.2 1B Instruct", 131'000, 4096,
          "us. eu.", true),
    llama(kLlama31, "meta.llama3-3-70b-instruct-v1:0", "Llama 3.3 70B Instruct", 128'000, 8192,
          "us.", false),
    llama(kLlama, "meta.llama3-70b-instruct-v1:0", "Llama 3 70B Instruct", 8192, 2048, "", true),
    llama(kLlama, "meta.llama3-8b-instruct-v1:0", "Llama 3 8B Instruct", 8192, 2048, "", true),
    llama(kLlama4, "meta.llama4-maverick-17b-instruct-v1:0", "Llama 4 Maverick 17B Instruct",
          1'000'000, 8192, "us.", false),
    llama(kLlama4, "meta.llama4-scout-17b-instruct-v1:0", "Llama 4 Scout 17B Instruct", 10'000'000,
          8192, "us.", false),
    named(kMistralLarge3, "mistral.mistral-large-3-675b-instruct", "Mistral Large 3"),
    profiled(sized(kConverseVision, "mistral.pixtral-large-2502-v1:0", "Pixtral Large (25.02)",
                   128'000, 8192),
             "us. eu."),
    sized(kConverse, "moonshot.kimi-k2-thinking", "Kimi K2 Thinking", 262'144, 16'000),
    sized(kConverseVision, "nvidia.nemotron-nano-12b-v2", "NVIDIA Nemotron Nano 12B v2 VL BF16",
          131'072, 8192),
    named(kGptOss, "openai.gpt-oss-120b-1:0", "gpt-oss-120b", "us-gov."),
    named(kQwen3, "qwen.qwen3-32b-v1:0", "Qwen3 32B (dense)"),
    profiled(sized(kConverse, "writer.palmyra-x4-v1:0", "Palmyra X4", 122'880, 8192), "us."),
    sized(kConverse, "zai.glm-4.7-flash", "GLM-4.7-Flash", 202'752, 131'072),
};

// Source: ListFoundationModels with byOutputModality=EMBEDDING.
constexpr std::array<std::string_view, 8> kEmbeddingModels{
    "amazon.nova-2-multimodal-embeddings-v1:0",
    "amazon.titan-embed-g1-text-02",
    "amazon.titan-embed-image-v1",
    "amazon.titan-embed-text-v1",
    "amazon.titan-embed-text-v2:0",
    "cohere.embed-english-v3",
    "cohere.embed-multilingual-v3",
    "cohere.embed-v4:0"};

/// What the ids of a company begin with.
struct Provider {
  std::string_view prefix;
  std::string_view name;
};
constexpr std::array kProviders{
    Provider{"amazon.", "Amazon"},     Provider{"anthropic.", "Anthropic"},
    Provider{"deepseek.", "DeepSeek"}, Provider{"google.", "Google"},
    Provider{"meta.", "Meta"},         Provider{"moonshot.", "Moonshot AI"},
    Provider{"nvidia.", "NVIDIA"},     Provider{"writer.", "Writer"},
    Provider{"zai.", "Z.AI"},          Provider{"mistral.", "Mistral AI"},
    Provider{"openai.", "OpenAI"},     Provider{"qwen.", "Qwen"}};

constexpr std::size_t kMaxIdentifierBytes = 2048;  // botocore: InvokeModelRequest.modelId
constexpr std::string_view kInvalidModel = "The provided model identifier is invalid.";

/// Only what a model id or an ARN can be made of.
bool looks_like_an_identifier(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-:._/").contains(c);
  });
}

/// The id behind an ARN of a foundation model or of a system-defined inference profile; anything
/// else as it is.
std::string_view without_arn(std::string_view identifier) {
  if (!identifier.starts_with("arn:aws")) return identifier;
  for (const std::string_view kind : {":foundation-model/", ":inference-profile/"}) {
    const std::size_t at = identifier.find(kind);
    if (at != std::string_view::npos) return identifier.substr(at + kind.size());
  }
  return identifier;
}

/// The model behind a profile id such as `us.anthropic.claude-…`, or null.
const Model* find_profile(std::string_view id) {
  const std::size_t dot = id.find('.');
  if (dot == std::string_view::npos) return nullptr;
  const Model* model = find_model(id.substr(dot + 1));
  if (model == nullptr) return nullptr;
  const std::vector<std::string_view> prefixes = base::split(model->profiles, ' ');
  const auto found = std::ranges::find(prefixes, id.substr(0, dot + 1));
  return found != prefixes.end() ? model : nullptr;
}

}  // namespace

std::string_view Model::provider() const {
  for (const Provider& provider : kProviders) {
    if (id.starts_with(provider.prefix)) return provider.name;
  }
  return {};
}

bool is_embedding_model(std::string_view identifier) {
  return std::ranges::count(kEmbeddingModels, without_arn(identifier)) > 0;
}

std::span<const Model> models() { return kModels; }

const Model* find_model(std::string_view id) {
  const auto* found = std::ranges::lower_bound(kModels, id, {}, &Model::id);
  return found != kModels.end() && found->id == id ? found : nullptr;
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
  if (model == nullptr) return invalid(std::string(kInvalidModel));
  if (!model->on_demand) {
    return invalid("Invocation of model ID " + std::string(id) +
                   " with on-demand throughput isn\u2019t supported. Retry your request with the "
                   "ID or ARN of an inference profile that contains this model.");
  }
  return model;
}

}  // namespace llm::local
