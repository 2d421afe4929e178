#pragma once

#include <vector>

#include <llm/chat.hpp>

namespace llm {

/// Warns (`arguments_not_object`) of each tool call of a completion whose arguments are JSON, but
/// not an object.
void warn_of_arguments(const Message& message, std::vector<Warning>& warnings);

}  // namespace llm
