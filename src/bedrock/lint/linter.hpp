#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include <llm/bedrock/lint.hpp>
#include <llm/chat.hpp>
#include <llm/error.hpp>

#include "bedrock/lint/subject.hpp"

namespace llm::bedrock::linter {

/// The rule that stands for what the wire form cannot say; the encoder knows it.
inline constexpr std::string_view kCannotEncode = "cannot_encode";

/// Errors: configuration_error for an id that no rule has, with those that there are.
[[nodiscard]] Result<void> check_rule_ids(std::span<const std::string> ids);

/// What the rules find, but for those that are off.
[[nodiscard]] std::vector<LintFinding> check(const ChatRequest& request, const Target& target,
                                             std::span<const std::string> off);

/// Changes what can be changed safely, and says what; nothing for an unknown model.
[[nodiscard]] std::vector<LintFinding> mend(ChatRequest& request, const Target& target,
                                            std::span<const std::string> off);

/// A request that may be sent.
struct Passed {
  std::optional<ChatRequest> repaired{};  ///< In place of the one that was given.
  std::vector<Warning> warnings{};        ///< One for each change.
};

/// What a client does before it sends.
/// Errors: invalid_request_error with what would be refused, the rules and how to switch them off.
[[nodiscard]] Result<Passed> pass(const ChatRequest& request, const Target& target, Lint level,
                                  std::span<const std::string> off);

}  // namespace llm::bedrock::linter
