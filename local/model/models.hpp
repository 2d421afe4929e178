#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/time.hpp"
#include "local/frontend/refusal.hpp"

namespace llm::local {

/// How a model's native body is written.
enum class WireFormat {
  claude_messages,
  claude_text,
  titan_text,
  llama,
  converse_only,  ///< Offered through Converse and ConverseStream alone.
  titan_embedding,
  titan_image_embedding,
  cohere_embedding,
  nova_embedding,
};

/// Which of `temperature` and `top_p` a model takes.
enum class Sampling {
  both,
  either,  ///< One of them, not both.
  none,
};

/// How a model is asked to reason aloud.
enum class Thinking {
  none,
  budget,  ///< `thinking.type` is `enabled`, with a budget.
  either,
  adaptive,  ///< It decides itself how long.
  effort,    ///< Not Claude: an effort is named, and the reasoning is not signed.
};

/// A model that the server serves, with what it may be asked. The server's own table: it shares
/// none with the client, so that an error in one of them shows.
struct Model {
  std::string_view id{};
  std::string_view name{};         ///< For people, as ListFoundationModels gives it.
  std::string_view native_name{};  ///< As Claude's answers call it; empty for other families.
  WireFormat form = WireFormat::claude_messages;
  std::int64_t context_tokens = 0;
  std::int64_t max_output_tokens = 0;
  std::string_view profiles{};  ///< Prefixes of its inference profiles, e.g. `us. eu.`.
  bool on_demand = true;        ///< The bare id can be called.
  bool tools = false;
  bool streamed_tools = true;  ///< With `tools`: also while streaming.
  bool vision = false;
  bool video = false;  ///< Also takes media from S3.
  Thinking thinking = Thinking::none;
  std::string_view efforts{};  ///< What a Claude takes as `output_config.effort`, apart by blanks.
  bool system_prompt = true;
  bool legacy = false;
  std::string_view end_of_life{};  ///< `2026-07-30`: from that day on Bedrock has it no more.
  bool counts_tokens = false;      ///< CountTokens takes its bare id.
  bool lowers_text = false;        ///< An embedding model that repeats texts in lower case.
  std::string_view sizes{};  ///< Of an embedding model: lengths of a vector, the default first.
  bool text_completions = false;  ///< A Claude that also takes the older `prompt` form.
  bool system_messages = false;   ///< A message may have the role `system`.
  bool prefill = true;            ///< The last message may be the assistant's.
  Sampling sampling = Sampling::both;

  /// The company's name as ListFoundationModels gives it, e.g. `Amazon`.
  [[nodiscard]] std::string_view provider() const;
  /// Makes vectors, not text.
  [[nodiscard]] bool embeds() const { return !sizes.empty(); }
};

/// Every model, sorted by id.
[[nodiscard]] std::span<const Model> models();

/// The model with this bare id, or null.
[[nodiscard]] const Model* find_model(std::string_view id);

/// The id behind an ARN of a foundation model or of a system-defined inference profile; anything
/// else as it is.
[[nodiscard]] std::string_view without_arn(std::string_view identifier);

/// The model behind a profile id such as `us.anthropic.claude-…`, or null.
[[nodiscard]] const Model* find_profile(std::string_view id);

/// The refusal of an identifier that names nothing.
[[nodiscard]] std::unexpected<Refusal> invalid_model();

/// Refuses a model whose end of life has come; what names none passes.
/// Source: refusals as reported in public issues.
[[nodiscard]] Checked<void> check_end_of_life(std::string_view identifier, base::TimePoint now);

/// The model that a path names: a bare id, an inference profile, or the ARN of either.
/// Refuses what does not look like an id, what is not served, and the bare id of a model that has
/// no on-demand throughput.
[[nodiscard]] Checked<const Model*> model_to_invoke(std::string_view identifier);

}  // namespace llm::local
