#pragma once

#include <array>

#include "local/model/rows.hpp"

namespace llm::local {

/// Models that are known by what Converse needs: limits, tools, images, profiles. No traffic of
/// theirs has been recorded.
/// Source: the lists that data/models.json names (pi-ai, LiteLLM, models.dev, Bedrock User Guide).
namespace converse_models {

inline constexpr Model kText{.wire_format = WireFormat::converse_only};
inline constexpr Model kNoSystem{.wire_format = WireFormat::converse_only, .system_prompt = false};
inline constexpr Model kVisionAlone{.wire_format = WireFormat::converse_only, .vision = true};
inline constexpr Model kTools{.wire_format = WireFormat::converse_only, .tools = true};
inline constexpr Model kToolsUnstreamed{
    .wire_format = WireFormat::converse_only, .tools = true, .streaming_tools = false};
inline constexpr Model kVision{
    .wire_format = WireFormat::converse_only, .tools = true, .vision = true};
inline constexpr Model kVisionThinker{.wire_format = WireFormat::converse_only,
                                      .tools = true,
                                      .vision = true,
                                      .thinking = Thinking::effort};

inline constexpr std::array kRows{
    legacy(sized(kNoSystem, "ai21.j2-mid-v1", "Jurassic-2 Mid", 8191, 8191)),
    legacy(sized(kNoSystem, "ai21.j2-ultra-v1", "Jurassic-2 Ultra", 8191, 8191)),
    ends("2026-11-26",
         sized(kTools, "ai21.jamba-1-5-large-v1:0", "Jamba 1.5 Large", 256'000, 4096)),
    ends("2026-11-26", sized(kTools, "ai21.jamba-1-5-mini-v1:0", "Jamba 1.5 Mini", 256'000, 4096)),
    sized(kText, "ai21.jamba-instruct-v1:0", "Jamba-Instruct", 70'000, 4096),
    sized(kVisionThinker, "amazon.nova-2-pro-preview-20251202-v1:0", "Nova 2 Pro Preview",
          1'000'000, 64'000, "us. eu. apac."),
    ends("2026-09-14",
         profiled(sized(kNova, "amazon.nova-premier-v1:0", "Nova Premier", 1'000'000, 10'000),
                  "us.")),
    ends("2025-08-12",
         sized(kNoSystem, "cohere.command-light-text-v14", "Command Light", 4096, 4096)),
    ends("2026-08-19", sized(kTools, "cohere.command-r-plus-v1:0", "Command R+", 128'000, 4096)),
    ends("2026-08-19", sized(kTools, "cohere.command-r-v1:0", "Command R", 128'000, 4096)),
    ends("2025-08-12", sized(kNoSystem, "cohere.command-text-v14", "Command", 4096, 4096)),
    sized(kThinker, "deepseek.v3.2", "DeepSeek V3.2", 163'840, 81'920, "us. eu."),
    sized(kThinker, "deepseek.v3.2-v1:0", "DeepSeek-V3.2", 163'840, 81'920),
    sized(kVisionAlone, "google.gemma-3-12b-it", "Gemma 3 12B IT", 131'072, 8192),
    sized(kVision, "google.gemma-3-4b-it", "Gemma 3 4B IT", 128'000, 4096),
    sized(kVisionThinker, "google.gemma-4-26b-a4b", "Gemma 4 26B A4B IT", 262'144, 32'768),
    sized(kVisionThinker, "google.gemma-4-31b", "Gemma 4 31B IT", 262'144, 32'768),
    sized(kVisionThinker, "google.gemma-4-e2b", "Gemma 4 E2B IT", 131'072, 8192),
    sized(kThinker, "minimax.minimax-m2", "MiniMax-M2", 204'608, 128'000),
    sized(kThinker, "minimax.minimax-m2.1", "MiniMax-M2.1", 196'608, 131'072),
    sized(kThinker, "minimax.minimax-m2.5", "MiniMax-M2.5", 196'608, 98'304),
    sized(kTools, "mistral.devstral-2-123b", "Devstral 2 123B", 262'144, 8192),
    sized(kVisionThinker, "mistral.magistral-small-2509", "Magistral Small 1.2", 128'000, 40'000),
    sized(kVision, "mistral.ministral-3-14b-instruct", "Ministral 14B 3.0", 128'000, 4096),
    sized(kVision, "mistral.ministral-3-3b-instruct", "Ministral 3 3B", 256'000, 8192),
    sized(kVision, "mistral.ministral-3-8b-instruct", "Ministral 3 8B", 128'000, 4096),
    sized(kNoSystem, "mistral.mistral-7b-instruct-v0:2", "Mistral 7B Instruct", 32'000, 8192),
    sized(kToolsUnstreamed, "mistral.mistral-large-2402-v1:0", "Mistral Large (24.02)", 32'000,
          8192),
    sized(kToolsUnstreamed, "mistral.mistral-large-2407-v1:0", "Mistral Large (24.07)", 128'000,
          8192),
    sized(kTools, "mistral.mistral-small-2402-v1:0", "Mistral Small (24.02)", 32'000, 8192),
    sized(kNoSystem, "mistral.mixtral-8x7b-instruct-v0:1", "Mixtral 8x7B Instruct", 32'000, 4096),
    sized(kTools, "mistral.voxtral-mini-3b-2507", "Voxtral Mini 3B 2507", 32'768, 4096),
    sized(kTools, "mistral.voxtral-small-24b-2507", "Voxtral Small 24B 2507", 32'768, 8192),
    sized(kVisionThinker, "moonshotai.kimi-k2.5", "Kimi K2.5", 262'144, 16'384),
    profiled(sized(kVisionThinker, "moonshotai.kimi-k3", "Kimi K3 (Global)", 1'048'576, 128'000),
             "us. global."),
    profiled(sized(kVisionThinker, "moonshotai.kimi-k3.1", "Kimi K3.1 Pro Highspeed (Global)",
                   1'048'576, 1'048'576),
             "us. global."),
    sized(kThinker, "nvidia.nemotron-nano-3-30b", "Nemotron Nano 3 30B", 262'144, 8192),
    sized(kTools, "nvidia.nemotron-nano-9b-v2", "Nemotron Nano 9B v2", 131'072, 8192),
    sized(kThinker, "nvidia.nemotron-super-3-120b", "Nemotron 3 Super 120B A12B", 262'144, 131'072),
    sized(kVisionThinker, "openai.gpt-5.4", "GPT-5.4", 1'000'000, 128'000),
    sized(kVisionThinker, "openai.gpt-5.5", "GPT-5.5", 1'000'000, 128'000),
    sized(kVisionThinker, "openai.gpt-5.6-luna", "GPT-5.6 Luna", 1'050'000, 128'000,
          "us. in. global."),
    sized(kVisionThinker, "openai.gpt-5.6-sol", "GPT-5.6 Sol", 1'050'000, 128'000, "us. global."),
    sized(kVisionThinker, "openai.gpt-5.6-terra", "GPT-5.6 Terra", 1'050'000, 128'000,
          "us. in. global."),
    sized(kVisionThinker, "openai.gpt-6-astra", "GPT-6 Astra", 1'050'000, 128'000, "us. global."),
    sized(kVisionThinker, "openai.gpt-6-luna", "GPT-6 Luna", 1'050'000, 128'000, "us. global."),
    sized(kVisionThinker, "openai.gpt-6-sol", "GPT-6 Sol", 1'050'000, 128'000, "us. global."),
    sized(kVisionThinker, "openai.gpt-6.1-sol", "GPT-6.1 Sol", 1'050'000, 128'000, "us. global."),
    sized(kVisionThinker, "openai.gpt-6.1-terra", "GPT-6.1 Terra", 1'050'000, 128'000,
          "us. global."),
    sized(kThinker, "openai.gpt-oss-120b", "gpt-oss-120b", 131'072, 131'072),
    sized(kThinker, "openai.gpt-oss-20b", "gpt-oss-20b", 131'072, 131'072),
    sized(kThinker, "openai.gpt-oss-20b-1:0", "gpt-oss-20b", 131'072, 128'000, "us-gov."),
    sized(kThinker, "openai.gpt-oss-safeguard-120b", "GPT OSS Safeguard 120B", 128'000, 16'384),
    sized(kThinker, "openai.gpt-oss-safeguard-20b", "GPT OSS Safeguard 20B", 128'000, 16'384),
    sized(kTools, "qwen.qwen3-235b-a22b-2507-v1:0", "Qwen3 235B-A22B Instruct 2507", 262'144,
          131'072),
    sized(kTools, "qwen.qwen3-coder-30b-a3b-v1:0", "Qwen3-Coder 30B-A3B Instruct", 262'144,
          131'072),
    sized(kTools, "qwen.qwen3-coder-480b-a35b-v1:0", "Qwen3-Coder 480B-A35B Instruct", 131'072,
          65'536),
    sized(kTools, "qwen.qwen3-coder-next", "Qwen3 Coder Next", 262'144, 65'536),
    sized(kTools, "qwen.qwen3-next-80b-a3b", "Qwen3-Next 80B-A3B Instruct", 262'144, 262'000),
    sized(kVision, "qwen.qwen3-vl-235b-a22b", "Qwen3 VL 235B A22B Instruct", 262'144, 262'000),
    profiled(sized(kThinker, "writer.palmyra-x5-v1:0", "Palmyra X5", 1'040'000, 8192), "us."),
    sized(kVisionThinker, "xai.grok-4.3", "Grok 4.3", 1'000'000, 131'072),
    sized(kVisionThinker, "xai.grok-4.6", "Grok 4.6", 500'000, 500'000, "us. global."),
    profiled(sized(kVisionThinker, "xai.grok-4.7", "Grok 4.7 (Global)", 500'000, 500'000),
             "us. global."),
    sized(kThinker, "zai.glm-4.7", "GLM-4.7", 202'752, 131'072),
    sized(kThinker, "zai.glm-5", "GLM-5", 202'752, 131'072),
    profiled(sized(kThinker, "zai.glm-5.3", "GLM-5.3 (Global)", 1'000'000, 128'000), "us. global."),
};

}  // namespace converse_models
}  // namespace llm::local
