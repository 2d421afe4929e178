#pragma once

#include <string_view>

#include "local/frontend/refusal.hpp"

namespace llm::local {

/// An exception of AWS with its status and default message.
struct ExceptionText {
  std::string_view name{};
  int status = 400;
  Layer layer = Layer::service;
  std::string_view message{};
};

/// The exception of that name; for an unknown name, status 400 and a message of our own. The result
/// holds a view of `name`.
/// Source: botocore, service-2.json of bedrock-runtime; texts seen from Bedrock.
[[nodiscard]] ExceptionText exception_text(std::string_view name);

}  // namespace llm::local
