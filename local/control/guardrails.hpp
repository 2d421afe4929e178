#pragma once

#include <string>
#include <string_view>

#include "base/time.hpp"
#include "local/frontend/refusal.hpp"
#include "local/guardrails/store.hpp"
#include "local/http/message.hpp"

namespace llm::local {

/// Who manages guardrails, where and when.
struct GuardrailCaller {
  std::string access_key_id{};
  std::string region{};
  base::TimePoint now{};
};

// The operations of guardrails. `identifier` is an id or ARN. A guardrail is ready at once.
// Source: botocore, service-2.json of bedrock.

/// CreateGuardrail
[[nodiscard]] Checked<Reply> create_guardrail(const Request& request, const GuardrailCaller& caller,
                                              GuardrailStore& store);
/// GetGuardrail: the draft, or the version of the query.
[[nodiscard]] Checked<Reply> get_guardrail(std::string_view identifier, std::string_view query,
                                           const GuardrailCaller& caller,
                                           const GuardrailStore& store);
/// ListGuardrails: all drafts, or all versions of the guardrail of the query, in pages.
[[nodiscard]] Checked<Reply> list_guardrails(std::string_view query, const GuardrailCaller& caller,
                                             const GuardrailStore& store);
/// UpdateGuardrail
[[nodiscard]] Checked<Reply> update_guardrail(const Request& request, std::string_view identifier,
                                              const GuardrailCaller& caller, GuardrailStore& store);
/// DeleteGuardrail: the version of the query, or all of it.
[[nodiscard]] Checked<Reply> delete_guardrail(std::string_view identifier, std::string_view query,
                                              const GuardrailCaller& caller, GuardrailStore& store);
/// CreateGuardrailVersion
[[nodiscard]] Checked<Reply> create_guardrail_version(const Request& request,
                                                      std::string_view identifier,
                                                      const GuardrailCaller& caller,
                                                      GuardrailStore& store);

}  // namespace llm::local
