#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include "bedrock/catalogue/catalogue.hpp"

namespace llm::bedrock {

/// Of a model of the built-in catalogue. Throws: std::runtime_error if it is not there.
inline const ModelFacts& facts_of(std::string_view id) {
  const ModelFacts* facts = find_model(id);
  if (facts == nullptr) throw std::runtime_error("no facts of " + std::string(id));
  return *facts;
}

}  // namespace llm::bedrock
