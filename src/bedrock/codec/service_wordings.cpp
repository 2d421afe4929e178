#include "bedrock/codec/service_wordings.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "base/text.hpp"

namespace llm::bedrock {
namespace {

constexpr auto kWordings = std::to_array<ServiceWording>({
    {"input length and `max_tokens` exceed", Condition::context_overflow_with_limit,
     "RooCodeInc/Roo-Code#3713"},
    {"input length and max_tokens exceed", Condition::context_overflow_with_limit,
     "stackblitz/bolt.new#7414"},
    {"maximum context length", Condition::context_overflow_with_limit,
     "strands-agents/harness-sdk#3969"},
    {"input is too long", Condition::context_overflow, "aws-samples/bedrock-chat#95"},
    {"prompt is too long", Condition::context_overflow, "daisuke-awaji/moca#254"},
    {"max input token limit", Condition::context_overflow, "openclaw/openclaw#58839"},
    {"too many input tokens", Condition::context_overflow,
     "pkdone/paul-genai-test-tools-ts, src/llm/providers/bedrock/bedrock-error-patterns.ts"},
    {"input tokens exceed", Condition::context_overflow, "archi-physics/archi#497"},
    {"too many total text bytes", Condition::context_overflow, "strands-agents/harness-sdk#3969"},
    {"exceeds the context window", Condition::context_overflow, "anomalyco/opencode#6071"},
    {"context length exceeded", Condition::context_overflow,
     "crewAIInc/crewAI, src/crewai/utilities/exceptions/context_window_exceeding_exception.py"},
    {"context_length_exceeded", Condition::context_overflow, "anomalyco/opencode#6071"},
    {"longer than the maximum model length", Condition::context_overflow,
     "EleutherAI/lm-evaluation-harness#2880"},
    {"maximum prompt length", Condition::context_overflow, "cline/cline#3120"},
    {"less than or equal to 25000000", Condition::context_overflow,
     "langchain-ai/langchain-aws#419"},
    {"maximum tokens you requested exceed", Condition::max_tokens_too_large,
     "aws-samples/bedrock-access-gateway#41"},
    {"use case details", Condition::use_case_form, "obot-platform/obot#6747"},
    {"use-case form", Condition::use_case_form, "truefoundry/models#934"},
    {"use case form", Condition::use_case_form, "truefoundry/models#934"},
    {"invalid_payment_instrument", Condition::payment, "Tracer-Cloud/opensre#1811"},
    {"valid payment instrument", Condition::payment, "Tracer-Cloud/opensre#1811"},
    {"aws marketplace", Condition::marketplace,
     "ministryofjustice/modernisation-platform-environments#18323"},
    {"aws-marketplace:", Condition::marketplace,
     "ministryofjustice/modernisation-platform-environments#18323"},
    {"tokens per day", Condition::daily_quota, "Bedrock User Guide, quotas"},
    {"too many tokens, please wait", Condition::throttled,
     "aws-samples/amazon-bedrock-client-for-mac#99"},
    {"too many requests", Condition::throttled, "i-dot-ai/caddy-chatbot#97"},
    {"rate exceeded", Condition::throttled, "aws/aws-sdk-js#2557"},
});

}  // namespace

std::span<const ServiceWording> service_wordings() { return kWordings; }

std::optional<Condition> condition_of(std::string_view message) {
  const std::string lower = base::to_lower(message);
  const auto* const found = std::ranges::find_if(
      kWordings, [&](const ServiceWording& wording) { return lower.contains(wording.text); });
  return found == kWordings.end() ? std::nullopt : std::optional(found->condition);
}

}  // namespace llm::bedrock
