#include <algorithm>
#include <array>

#include "local/model/converse_rows.hpp"
#include "local/model/rows.hpp"

namespace llm::local {
namespace {

// What a generation of models has in common.
constexpr Model kTitan{
    .wire_format = WireFormat::titan_text, .system_prompt = false, .legacy = true};
constexpr Model kClaude2{
    .context_tokens = 100'000, .max_output_tokens = 4096, .text_completions = true};
constexpr Model kClaude3{.context_tokens = 200'000, .tools = true, .vision = true};
constexpr Model kClaude35 = [] {
  Model model = kClaude3;
  model.counts_tokens = true;
  return model;
}();
constexpr Model kClaude4 = [] {
  Model model = kClaude35;
  model.on_demand = false;
  model.thinking = Thinking::budget;
  return model;
}();
constexpr Model kClaude45 = [] {
  Model model = kClaude4;
  model.max_output_tokens = 64'000;
  model.sampling = Sampling::either;
  return model;
}();
constexpr Model kOpus45 = [] {
  Model model = kClaude45;
  model.efforts = "low medium high";
  return model;
}();
constexpr Model kClaude46 = [] {
  Model model = kClaude45;
  model.thinking = Thinking::either;
  model.efforts = "low medium high max";
  model.context_tokens = 1'000'000;
  model.max_output_tokens = 128'000;
  model.prefill = false;
  model.counts_tokens = false;
  return model;
}();
constexpr Model kClaude5 = [] {
  Model model = kClaude46;
  model.thinking = Thinking::adaptive;
  model.efforts = "low medium high xhigh max";
  model.system_messages = true;
  return model;
}();
constexpr Model kOpus47 = [] {
  Model model = kClaude5;
  model.sampling = Sampling::none;
  return model;
}();
constexpr Model kLlama{.wire_format = WireFormat::llama};
constexpr Model kLlama31{.wire_format = WireFormat::llama, .tools = true, .streaming_tools = false};
// Of Llama 3.2 too, where it takes images.
constexpr Model kLlama4{
    .wire_format = WireFormat::llama, .tools = true, .streaming_tools = false, .vision = true};
constexpr Model kNova2 = [] {
  Model model = kNova;
  model.context_tokens = 1'000'000;
  model.max_output_tokens = 65'535;
  model.thinking = Thinking::effort;
  model.on_demand = false;
  return model;
}();
constexpr Model kNovaMicro{.wire_format = WireFormat::converse_only,
                           .context_tokens = 128'000,
                           .max_output_tokens = 10'000,
                           .tools = true};
constexpr Model kDeepSeek3{.wire_format = WireFormat::converse_only,
                           .context_tokens = 163'840,
                           .max_output_tokens = 81'920,
                           .tools = true,
                           .thinking = Thinking::effort};
constexpr Model kMistralLarge3{.wire_format = WireFormat::converse_only,
                               .context_tokens = 262'144,
                               .max_output_tokens = 8192,
                               .tools = true,
                               .vision = true};
constexpr Model kGptOss{.wire_format = WireFormat::converse_only,
                        .context_tokens = 131'072,
                        .max_output_tokens = 128'000,
                        .tools = true,
                        .thinking = Thinking::effort};
constexpr Model kConverseVision{
    .wire_format = WireFormat::converse_only, .tools = true, .vision = true};
constexpr Model kQwen3{.wire_format = WireFormat::converse_only,
                       .context_tokens = 32'768,
                       .max_output_tokens = 16'384,
                       .tools = true,
                       .thinking = Thinking::effort};

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
  model = sized(model, id, name, context, max_output);
  model.profiles = profiles;
  model.on_demand = on_demand;
  return model;
}

constexpr Model named(Model model, std::string_view id, std::string_view name,
                      std::string_view profiles = "") {
  model.id = id;
  model.name = name;
  model.profiles = profiles;
  return model;
}

constexpr Model embedder(WireFormat wire_format, std::string_view id, std::string_view name,
                         std::int64_t context, std::string_view vector_sizes) {
  return {.id = id,
          .name = name,
          .wire_format = wire_format,
          .context_tokens = context,
          .vision = wire_format != WireFormat::titan_embedding,
          .vector_sizes = vector_sizes};
}

constexpr Model kEmbedEnglish = [] {
  Model model = embedder(WireFormat::cohere_embedding, "cohere.embed-english-v3", "Embed English",
                         512, "1024");
  model.lowercases_text = true;  // Recorded.
  return model;
}();

// Callable without a profile, unlike its generation.
constexpr Model kMythos = [] {
  Model model = claude(kClaude5, "anthropic.claude-mythos-preview", "Claude Mythos Preview",
                       "claude-mythos-preview", "");
  model.on_demand = true;
  return model;
}();

// Source: ListFoundationModels; Bedrock User Guide "Supported foundation models" and "Model
// lifecycle"; the native names from recorded answers.
constexpr std::array kOwnRows{
    named(kNova2, "amazon.nova-2-lite-v1:0", "Nova 2 Lite", "us. eu. apac. jp. global."),
    embedder(WireFormat::nova_embedding, "amazon.nova-2-multimodal-embeddings-v1:0",
             "Nova Multimodal Embeddings", 8172, "3072 1024 384 256"),
    named(kNova, "amazon.nova-lite-v1:0", "Nova Lite", "us. eu. apac. ca."),
    named(kNovaMicro, "amazon.nova-micro-v1:0", "Nova Micro", "us. eu. apac."),
    named(kNova, "amazon.nova-pro-v1:0", "Nova Pro", "us. eu. apac."),
    embedder(WireFormat::titan_embedding, "amazon.titan-embed-g1-text-02",
             "Titan Text Embeddings v2", 8192, "1536"),
    embedder(WireFormat::titan_image_embedding, "amazon.titan-embed-image-v1",
             "Titan Multimodal Embeddings G1", 128, "1024 384 256"),
    embedder(WireFormat::titan_embedding, "amazon.titan-embed-text-v1",
             "Titan Embeddings G1 - Text", 8192, "1536"),
    embedder(WireFormat::titan_embedding, "amazon.titan-embed-text-v2:0",
             "Titan Text Embeddings V2", 8192, "1024 512 256"),
    ends("2025-08-31",
         sized(kTitan, "amazon.titan-text-express-v1", "Titan Text G1 - Express", 8192, 8192)),
    ends("2025-08-31",
         sized(kTitan, "amazon.titan-text-lite-v1", "Titan Text G1 - Lite", 4096, 4096)),
    sized(kTitan, "amazon.titan-text-premier-v1:0", "Titan Text G1 - Premier", 32'000, 3072),
    ends("2026-06-19", claude(kClaude35, "anthropic.claude-3-5-haiku-20241022-v1:0",
                              "Claude 3.5 Haiku", "claude-3-5-haiku-20241022", "us. eu.", 8192)),
    ends("2026-07-30",
         claude(kClaude35, "anthropic.claude-3-5-sonnet-20240620-v1:0", "Claude 3.5 Sonnet",
                "claude-3-5-sonnet-20240620", "us. eu. apac. us-gov.", 8192)),
    ends("2026-07-30",
         claude(kClaude35, "anthropic.claude-3-5-sonnet-20241022-v2:0", "Claude 3.5 Sonnet v2",
                "claude-3-5-sonnet-20241022", "us. eu. apac.", 8192)),
    ends("2026-04-28",
         claude(kClaude4, "anthropic.claude-3-7-sonnet-20250219-v1:0", "Claude 3.7 Sonnet",
                "claude-3-7-sonnet-20250219", "us. eu. apac. us-gov.", 64'000)),
    ends("2026-09-10", claude(kClaude3, "anthropic.claude-3-haiku-20240307-v1:0", "Claude 3 Haiku",
                              "claude-3-haiku-20240307", "us. eu. apac.", 4096)),
    legacy(claude(kClaude3, "anthropic.claude-3-opus-20240229-v1:0", "Claude 3 Opus",
                  "claude-3-opus-20240229", "us. eu.", 4096)),
    ends("2026-07-30",
         claude(kClaude3, "anthropic.claude-3-sonnet-20240229-v1:0", "Claude 3 Sonnet",
                "claude-3-sonnet-20240229", "us. eu. apac.", 4096)),
    claude(kOpus47, "anthropic.claude-fable-5", "Claude Fable 5", "claude-fable-5",
           "us. eu. global."),
    claude(kOpus47, "anthropic.claude-fable-5-1", "Claude Fable 5.1", "claude-fable-5-1",
           "us. global."),
    claude(kOpus47, "anthropic.claude-fable-5-2", "Claude Fable 5.2", "claude-fable-5-2",
           "us. global."),
    claude(kClaude45, "anthropic.claude-haiku-4-5-20251001-v1:0", "Claude Haiku 4.5",
           "claude-haiku-4-5-20251001", "us. eu. apac. au. in. jp. global."),
    claude(kClaude5, "anthropic.claude-haiku-5-5", "Claude Haiku 5.5", "claude-haiku-5-5",
           "us. eu. au. jp. global."),
    ends("2025-07-21", claude(kClaude2, "anthropic.claude-instant-v1", "Claude Instant",
                              "claude-instant-1.2", "")),
    kMythos,
    legacy(claude(kClaude4, "anthropic.claude-opus-4-20250514-v1:0", "Claude Opus 4",
                  "claude-opus-4-20250514", "us. eu.", 32'000)),
    ends("2027-01-08", claude(kClaude4, "anthropic.claude-opus-4-1-20250805-v1:0",
                              "Claude Opus 4.1", "claude-opus-4-1-20250805", "us. eu.", 32'000)),
    claude(kOpus45, "anthropic.claude-opus-4-5-20251101-v1:0", "Claude Opus 4.5",
           "claude-opus-4-5-20251101", "us. eu. global."),
    claude(kClaude46, "anthropic.claude-opus-4-6-v1", "Claude Opus 4.6", "claude-opus-4-6",
           "us. eu. au. global."),
    claude(kClaude46, "anthropic.claude-opus-4-6-v1:0", "Claude Opus 4.6", "claude-opus-4-6",
           "us. eu. global."),
    claude(kOpus47, "anthropic.claude-opus-4-7", "Claude Opus 4.7", "claude-opus-4-7",
           "us. eu. au. jp. global."),
    claude(kOpus47, "anthropic.claude-opus-4-8", "Claude Opus 4.8", "claude-opus-4-8",
           "us. eu. au. jp. global."),
    claude(kOpus47, "anthropic.claude-opus-5", "Claude Opus 5", "claude-opus-5",
           "us. eu. au. in. jp. global."),
    claude(kOpus47, "anthropic.claude-opus-5-5", "Claude Opus 5.5", "claude-opus-5-5",
           "us. eu. au. jp. global."),
    ends("2026-10-14",
         claude(kClaude4, "anthropic.claude-sonnet-4-20250514-v1:0", "Claude Sonnet 4",
                "claude-sonnet-4-20250514", "us. eu. apac. global.", 64'000)),
    claude(kClaude45, "anthropic.claude-sonnet-4-5-20250929-v1:0", "Claude Sonnet 4.5",
           "claude-sonnet-4-5-20250929", "us. eu. au. jp. us-gov. global."),
    claude(kClaude46, "anthropic.claude-sonnet-4-6", "Claude Sonnet 4.6", "claude-sonnet-4-6",
           "us. eu. au. jp. global."),
    claude(kClaude5, "anthropic.claude-sonnet-5", "Claude Sonnet 5", "claude-sonnet-5",
           "us. eu. au. in. jp. global."),
    claude(kClaude5, "anthropic.claude-sonnet-5-5", "Claude Sonnet 5.5", "claude-sonnet-5-5",
           "us. eu. au. global."),
    claude(kClaude2, "anthropic.claude-v1", "Claude", "claude-1", ""),
    ends("2025-07-21", claude(kClaude2, "anthropic.claude-v2", "Claude", "claude-2.0", "")),
    ends("2025-07-21", claude(kClaude2, "anthropic.claude-v2:1", "Claude", "claude-2.1", "")),
    kEmbedEnglish,
    embedder(WireFormat::cohere_embedding, "cohere.embed-multilingual-v3", "Embed Multilingual",
             512, "1024"),
    embedder(WireFormat::cohere_embedding, "cohere.embed-v4:0", "Embed v4", 128'000,
             "1536 1024 512 256"),
    profiled(sized(kThinker, "deepseek.r1-v1:0", "DeepSeek-R1", 128'000, 32'768), "us."),
    named(kDeepSeek3, "deepseek.v3-v1:0", "DeepSeek-V3.1"),
    sized(kConverseVision, "google.gemma-3-27b-it", "Gemma 3 27B Instruct", 202'752, 8192),
    ends("2024-08-12",
         llama(kLlama, "meta.llama2-13b-chat-v1", "Llama 2 Chat 13B", 4096, 2048, "", true)),
    ends("2024-08-12",
         llama(kLlama, "meta.llama2-70b-chat-v1", "Llama 2 Chat 70B", 4096, 2048, "", true)),
    ends("2026-07-07", llama(kLlama31, "meta.llama3-1-405b-instruct-v1:0",
                             "Llama 3.1 405B Instruct", 128'000, 2048, "us.", true)),
    llama(kLlama31, "meta.llama3-1-70b-instruct-v1:0", "Llama 3.1 70B Instruct", 128'000, 8192,
          "us.", true),
    llama(kLlama31, "meta.llama3-1-8b-instruct-v1:0", "Llama 3.1 8B Instruct", 128'000, 8192, "us.",
          true),
    ends("2026-07-07", llama(kLlama4, "meta.llama3-2-11b-instruct-v1:0", "Llama 3.2 11B Instruct",
                             128'000, 4096, "us.", true)),
    ends("2026-07-07", llama(kLlama31, "meta.llama3-2-1b-instruct-v1:0", "Llama 3.2 1B Instruct",
                             131'000, 4096, "us. eu.", true)),
    ends("2026-07-07", llama(kLlama, "meta.llama3-2-3b-instruct-v1:0", "Llama 3.2 3B Instruct",
                             131'000, 4096, "us. eu.", true)),
    ends("2026-07-07", llama(kLlama4, "meta.llama3-2-90b-instruct-v1:0", "Llama 3.2 90B Instruct",
                             128'000, 4096, "us.", true)),
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
    sized(kThinker, "moonshot.kimi-k2-thinking", "Kimi K2 Thinking", 262'144, 16'000),
    sized(kConverseVision, "nvidia.nemotron-nano-12b-v2", "NVIDIA Nemotron Nano 12B v2 VL BF16",
          131'072, 8192),
    named(kGptOss, "openai.gpt-oss-120b-1:0", "gpt-oss-120b", "us-gov."),
    named(kQwen3, "qwen.qwen3-32b-v1:0", "Qwen3 32B (dense)"),
    profiled(sized(kThinker, "writer.palmyra-x4-v1:0", "Palmyra X4", 122'880, 8192), "us."),
    sized(kThinker, "zai.glm-4.7-flash", "GLM-4.7-Flash", 202'752, 131'072),
};

constexpr auto kModels = [] {
  std::array<Model, kOwnRows.size() + converse_models::kRows.size()> all;
  const auto rest = std::ranges::copy(kOwnRows, all.begin()).out;
  std::ranges::copy(converse_models::kRows, rest);
  std::ranges::sort(all, {}, &Model::id);
  return all;
}();

}  // namespace

std::span<const Model> models() { return kModels; }

}  // namespace llm::local
