#pragma once

#include <string>
#include <vector>

#include "json/reader.hpp"
#include "local/formats/delivery.hpp"
#include "local/frontend/refusal.hpp"
#include "local/guardrails/guardrail.hpp"
#include "local/model/prompt.hpp"

namespace llm::local {

/// How an API writes the trace of a guardrail.
enum class GuardTrace { none, converse, invoke };

/// What the guardrail of a request checks, and how it says so.
struct GuardOrder {
  GuardrailPtr guardrail{};           ///< Null: the completion is not checked.
  std::string identifier{};           ///< As in the request.
  std::vector<std::string> prompt{};  ///< The texts of the prompt.
  GuardTrace trace = GuardTrace::none;
  GuardScope scope = GuardScope::interventions;
};

/// A completion after the guardrail.
struct GuardedCompletion {
  Completion completion{};
  bool intervened = false;  ///< The guardrail blocked or masked the prompt or the completion.
  bool blocked = false;     ///< The completion is the guardrail's message.
};

/// The completion of a prompt, guarded: the model does not see a prompt that is blocked, and sees
/// one that is masked as the guardrail left it. The texts of a completion are checked, not its tool
/// calls and its reasoning. Streams are checked before they begin, as in the mode `sync`.
[[nodiscard]] Checked<GuardedCompletion> complete_guarded(const GuardOrder& order, Prompt prompt,
                                                          const ResponsePlan& plan);

/// The texts of the messages of Converse that a guardrail checks: those in `guardContent` if there
/// are any, else all in messages.
/// Source: Bedrock User Guide, "Use a guardrail with the Converse API".
[[nodiscard]] std::vector<std::string> guarded_texts(const json::Value& body);

}  // namespace llm::local
