#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <llm/chat.hpp>

namespace llm {

/// How many tokens the prompt of a request has, by the service's own count. Nothing is generated.
struct TokenCount {
  std::int64_t prompt_tokens = 0;
  std::string model{};  ///< The id that counted: the base model's for an inference profile.
  std::vector<Warning> warnings{};
  std::string request_id{};
  int attempts = 1;  ///< Requests sent, retries included.
  friend bool operator==(const TokenCount&, const TokenCount&) = default;
};

/// The count as one line of JSON; docs/json.md shows one.
[[nodiscard]] std::string to_json(const TokenCount& count);

}  // namespace llm
