#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include <llm/bedrock/lint.hpp>
#include <llm/chat.hpp>
#include <llm/error.hpp>

#include "bedrock/codec/conversation.hpp"
#include "bedrock/lint/request_view.hpp"

namespace llm::bedrock::linter {

/// The id under which the encoder's refusals are reported: what the wire format cannot carry.
inline constexpr std::string_view kCannotEncode = "cannot_encode";

/// The descriptions of all rules, in the order in which they are listed.
[[nodiscard]] std::vector<LintRule> describe_rules();

/// Errors: configuration_error for an id without a rule, with the known ids.
[[nodiscard]] Result<void> check_rule_ids(std::span<const std::string> ids);

/// What the rules find, except those in `off`. Requires: `conversation` is `arrange(request)`.
[[nodiscard]] std::vector<LintFinding> check(const ChatRequest& request,
                                             const Conversation& conversation, const Target& target,
                                             std::span<const std::string> off);

/// Changes what can be changed safely, and returns the changes; none for an unknown model.
[[nodiscard]] std::vector<LintFinding> repair(ChatRequest& request, const Target& target,
                                              std::span<const std::string> off);

/// A request that may be sent.
struct Passed {
  std::optional<ChatRequest> repaired{};  ///< Replaces the given request.
  /// Of `repaired` if there is one, else of the given request: hand it to the codec. Stays valid
  /// when this object is moved.
  Conversation conversation{};
  std::vector<Warning> warnings{};  ///< One for each change.
};

/// What a client does before it sends: arranges the request, and checks or repairs it.
/// Errors: invalid_request_error with what Bedrock would refuse and the rules.
[[nodiscard]] Result<Passed> pass(const ChatRequest& request, const Target& target, Lint level,
                                  std::span<const std::string> off);

}  // namespace llm::bedrock::linter
