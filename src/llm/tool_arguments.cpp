#include "llm/tool_arguments.hpp"

#include <cstddef>
#include <string>
#include <variant>

namespace llm {

void warn_of_arguments(const Message& message, std::vector<Warning>& warnings) {
  std::size_t calls = 0;
  for (const Content& content : message.content) {
    const auto* const call = std::get_if<ToolCallContent>(&content);
    if (call == nullptr) continue;
    ++calls;
    if (call->arguments.is_object()) continue;
    warnings.push_back({"arguments_not_object",
                        "The arguments of tool call " + std::to_string(calls) +
                            " are not a JSON object. They are given as the model wrote them."});
  }
}

}  // namespace llm
