#pragma once

#include <string_view>

#include "local/frontend/refusal.hpp"

namespace llm::local {

/// What AWS sends along with the name of an exception.
struct ExceptionText {
  std::string_view name{};
  int status = 400;
  Origin origin = Origin::service;
  std::string_view message{};
};

/// The words for a name; status 400 and a text of our own for one that AWS does not have. The name
/// is that of the argument.
/// Source: botocore, service-2.json of bedrock-runtime; texts seen from Bedrock.
[[nodiscard]] ExceptionText exception_words(std::string_view name);

}  // namespace llm::local
