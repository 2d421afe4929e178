#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <llm/chat.hpp>

namespace llm {

/// The number of tokens in the prompt of a request, as counted by the service.
struct TokenCount {
  std::int64_t prompt_tokens = 0;
  std::string model{};  ///< The id used for counting: an inference profile's base model.
  std::vector<Warning> warnings{};
  std::string request_id{};
  int attempts = 1;  ///< Requests sent, including retries.
  friend bool operator==(const TokenCount&, const TokenCount&) = default;
};

/// The count as one line of JSON; docs/json.md has an example.
[[nodiscard]] std::string to_json(const TokenCount& count);

}  // namespace llm
