#pragma once

#include <string_view>

#include "local/guardrails/regex.hpp"

namespace llm::local {

/// How an entity of personally identifiable information is found.
struct EntityDetector {
  std::string_view type{};  ///< `EMAIL`
  Regex regex;
  /// Whether what matched is one, e.g. by its check digit; null: it is.
  bool (*verify)(std::string_view match) = nullptr;
};

/// The detector of an entity type; null for a type that only a model can find, such as `NAME`.
[[nodiscard]] const EntityDetector* find_entity_detector(std::string_view type);

}  // namespace llm::local
