#pragma once

#include "local/model/models.hpp"

namespace llm::local {

// What the models of a generation or kind have in common; the tables name the rest.

inline constexpr Model kTitan{
    .wire_format = WireFormat::titan_text, .system_prompt = false, .legacy = true};
inline constexpr Model kClaude2{
    .context_tokens = 100'000, .max_output_tokens = 4096, .text_completions = true};
inline constexpr Model kClaude3{
    .context_tokens = 200'000, .tools = true, .vision = true, .tool_ids = ToolIds::claude};
inline constexpr Model kClaude35 = [] {
  Model model = kClaude3;
  model.counts_tokens = true;
  return model;
}();
inline constexpr Model kClaude4 = [] {
  Model model = kClaude35;
  model.on_demand = false;
  model.thinking = Thinking::budget;
  return model;
}();
inline constexpr Model kClaude45 = [] {
  Model model = kClaude4;
  model.max_output_tokens = 64'000;
  model.sampling = Sampling::either;
  model.closed_schemas = true;
  return model;
}();
inline constexpr Model kOpus45 = [] {
  Model model = kClaude45;
  model.efforts = "low medium high";
  return model;
}();
inline constexpr Model kClaude46 = [] {
  Model model = kClaude45;
  model.thinking = Thinking::either;
  model.efforts = "low medium high max";
  model.context_tokens = 1'000'000;
  model.max_output_tokens = 128'000;
  model.prefill = false;
  model.counts_tokens = false;
  return model;
}();
inline constexpr Model kOpus47 = [] {
  Model model = kClaude46;
  model.thinking = Thinking::adaptive;
  model.efforts = "low medium high xhigh max";
  model.system_messages = true;
  model.sampling = Sampling::none;
  return model;
}();
inline constexpr Model kClaude5 = [] {
  Model model = kOpus47;
  model.thinks_when_forced = true;
  return model;
}();
// Bedrock User Guide, model card of Fable 5: always on.
inline constexpr Model kFable5 = [] {
  Model model = kClaude5;
  model.always_thinks = true;
  return model;
}();
// Reported: a tool call cannot be forced.
inline constexpr Model kSonnet55 = [] {
  Model model = kFable5;
  model.choices = ToolChoices::automatic;
  model.thinks_when_forced = false;
  return model;
}();
// Reported: `strict` is refused.
inline constexpr Model kOpus55 = [] {
  Model model = kSonnet55;
  model.strict_tools = false;
  return model;
}();
inline constexpr Model kMythosPreview = [] {
  Model model = kFable5;
  model.sampling = Sampling::either;
  model.closed_schemas = false;  // nothing is known
  return model;
}();
inline constexpr Model kLlama{.wire_format = WireFormat::llama};
// Reported: Llama's calls cannot be forced.
inline constexpr Model kLlama31{.wire_format = WireFormat::llama,
                                .tools = true,
                                .streaming_tools = false,
                                .choices = ToolChoices::automatic};
// Also the Llama 3.2 models that accept images.
inline constexpr Model kLlama4{.wire_format = WireFormat::llama,
                               .tools = true,
                               .streaming_tools = false,
                               .vision = true,
                               .choices = ToolChoices::automatic};
inline constexpr Model kNova{.wire_format = WireFormat::converse_only,
                             .context_tokens = 300'000,
                             .max_output_tokens = 10'000,
                             .tools = true,
                             .vision = true,
                             .video = true};
inline constexpr Model kNova2 = [] {
  Model model = kNova;
  model.context_tokens = 1'000'000;
  model.max_output_tokens = 65'535;
  model.thinking = Thinking::effort;
  model.on_demand = false;
  return model;
}();
inline constexpr Model kNovaMicro{.wire_format = WireFormat::converse_only,
                                  .context_tokens = 128'000,
                                  .max_output_tokens = 10'000,
                                  .tools = true,
                                  .documents = false};
inline constexpr Model kDeepSeek3{.wire_format = WireFormat::converse_only,
                                  .context_tokens = 163'840,
                                  .max_output_tokens = 81'920,
                                  .tools = true,
                                  .thinking = Thinking::effort};
inline constexpr Model kMistralLarge3{.wire_format = WireFormat::converse_only,
                                      .context_tokens = 262'144,
                                      .max_output_tokens = 8192,
                                      .tools = true,
                                      .vision = true,
                                      .choices = ToolChoices::any,
                                      .tool_ids = ToolIds::nine};
inline constexpr Model kGptOss{.wire_format = WireFormat::converse_only,
                               .context_tokens = 131'072,
                               .max_output_tokens = 128'000,
                               .tools = true,
                               .thinking = Thinking::effort,
                               .efforts = "low medium high"};
inline constexpr Model kQwen3{.wire_format = WireFormat::converse_only,
                              .context_tokens = 32'768,
                              .max_output_tokens = 16'384,
                              .tools = true,
                              .thinking = Thinking::effort};

// Known through Converse only, by what they support.
inline constexpr Model kTextOnly{.wire_format = WireFormat::converse_only};
inline constexpr Model kNoSystem{.wire_format = WireFormat::converse_only, .system_prompt = false};
inline constexpr Model kVisionOnly{.wire_format = WireFormat::converse_only, .vision = true};
inline constexpr Model kTools{.wire_format = WireFormat::converse_only, .tools = true};
inline constexpr Model kToolsUnstreamed{
    .wire_format = WireFormat::converse_only, .tools = true, .streaming_tools = false};
inline constexpr Model kVision{
    .wire_format = WireFormat::converse_only, .tools = true, .vision = true};
inline constexpr Model kThinkerOnly{.wire_format = WireFormat::converse_only,
                                    .thinking = Thinking::effort};
inline constexpr Model kMistral{
    .wire_format = WireFormat::converse_only, .tools = true, .tool_ids = ToolIds::nine};
inline constexpr Model kMistralVision{.wire_format = WireFormat::converse_only,
                                      .tools = true,
                                      .vision = true,
                                      .tool_ids = ToolIds::nine};
inline constexpr Model kMagistral{.wire_format = WireFormat::converse_only,
                                  .tools = true,
                                  .vision = true,
                                  .thinking = Thinking::effort,
                                  .tool_ids = ToolIds::nine};
inline constexpr Model kMistralLarge{.wire_format = WireFormat::converse_only,
                                     .tools = true,
                                     .streaming_tools = false,
                                     .choices = ToolChoices::any,
                                     .tool_ids = ToolIds::nine};
inline constexpr Model kPixtral{.wire_format = WireFormat::converse_only,
                                .tools = true,
                                .vision = true,
                                .choices = ToolChoices::automatic,
                                .tool_ids = ToolIds::nine};
inline constexpr Model kThinker{
    .wire_format = WireFormat::converse_only, .tools = true, .thinking = Thinking::effort};
inline constexpr Model kVisionThinker{.wire_format = WireFormat::converse_only,
                                      .tools = true,
                                      .vision = true,
                                      .thinking = Thinking::effort};

// Reported: temperature and top_p are not accepted.
inline constexpr Model kGpt = [] {
  Model model = kVisionThinker;
  model.sampling = Sampling::none;
  return model;
}();

inline constexpr Model kVoxtral = [] {
  Model model = kMistral;
  model.audio = true;
  return model;
}();

inline constexpr Model kTitanEmbedding{.wire_format = WireFormat::titan_embedding};
inline constexpr Model kTitanImageEmbedding{.wire_format = WireFormat::titan_image_embedding,
                                            .vision = true};
inline constexpr Model kCohereEmbedding{.wire_format = WireFormat::cohere_embedding,
                                        .vision = true};
// Recorded: it repeats texts in lower case.
inline constexpr Model kCohereEnglishEmbedding{
    .wire_format = WireFormat::cohere_embedding, .vision = true, .lowercases_text = true};
inline constexpr Model kNovaEmbedding{.wire_format = WireFormat::nova_embedding, .vision = true};

}  // namespace llm::local
