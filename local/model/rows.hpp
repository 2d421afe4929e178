#pragma once

#include "local/model/models.hpp"

namespace llm::local {

/// What rows of the model tables are made of: a `Model` of a generation, then what is its own.

/// `model` with its id, name and limits in tokens.
constexpr Model sized(Model model, std::string_view id, std::string_view name, std::int64_t context,
                      std::int64_t max_output, std::string_view profiles = "") {
  model.id = id;
  model.name = name;
  model.context_tokens = context;
  model.max_output_tokens = max_output;
  model.profiles = profiles;
  return model;
}

/// Callable through the profiles only.
constexpr Model profiled(Model model, std::string_view profiles) {
  model.profiles = profiles;
  model.on_demand = false;
  return model;
}

/// `model`, which Bedrock offers to earlier users only.
constexpr Model legacy(Model model) {
  model.legacy = true;
  return model;
}

/// `model`, which Bedrock has announced to end on `date`.
constexpr Model ends(std::string_view date, Model model) {
  model.legacy = true;
  model.end_of_life = date;
  return model;
}

inline constexpr Model kNova{.wire_format = WireFormat::converse_only,
                             .context_tokens = 300'000,
                             .max_output_tokens = 10'000,
                             .tools = true,
                             .vision = true,
                             .video = true};
/// Reasons when it is asked to.
inline constexpr Model kThinker{
    .wire_format = WireFormat::converse_only, .tools = true, .thinking = Thinking::effort};

}  // namespace llm::local
