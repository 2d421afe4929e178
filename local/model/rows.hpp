#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "local/model/models.hpp"

namespace llm::local {

/// A row of the model tables: what a model adds to those it is like.
struct Row {
  const Model& like;
  std::string_view id{};
  std::string_view name{};
  std::string_view native_name{};
  std::int64_t context = 0;  ///< Tokens; 0: that of `like`.
  std::int64_t output = 0;   ///< The most tokens of a completion; 0: that of `like`.
  std::string_view vector_sizes{};
  std::string_view profiles{};
  std::optional<bool> on_demand{};  ///< nullopt: that of `like`.
  bool legacy = false;
  std::string_view ends{};  ///< The announced end of life; makes the model legacy.
};

constexpr Model model_of(const Row& row) {
  Model model = row.like;
  model.id = row.id;
  model.name = row.name;
  model.native_name = row.native_name;
  if (row.context != 0) model.context_tokens = row.context;
  if (row.output != 0) model.max_output_tokens = row.output;
  model.vector_sizes = row.vector_sizes;
  model.profiles = row.profiles;
  model.on_demand = row.on_demand.value_or(model.on_demand);
  model.legacy = model.legacy || row.legacy || !row.ends.empty();
  model.end_of_life = row.ends;
  return model;
}

}  // namespace llm::local
