#pragma once

#include <string_view>

#include "local/frontend/refusal.hpp"
#include "local/http/message.hpp"

namespace llm::local {

/// CountTokens: checks the request as InvokeModel or Converse would and returns the tokens of its
/// prompt. It accepts bare model ids only, even of models that are called through a profile.
/// Source: recorded exchanges; Bedrock User Guide, "Count tokens".
[[nodiscard]] Checked<Reply> count_prompt_tokens(const Request& request, std::string_view model_id);

}  // namespace llm::local
