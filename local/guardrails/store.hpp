#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "json/reader.hpp"
#include "local/frontend/refusal.hpp"
#include "local/guardrails/guardrail.hpp"

namespace llm::local {

/// The guardrails that were created, apart for each access key id. Bodies are those of AWS, their
/// shapes checked; identifiers are ids or ARNs. Safe from any thread.
class GuardrailStore {
 public:
  /// Source: Bedrock's default quotas.
  static constexpr std::size_t kMaxGuardrails = 100;
  static constexpr std::size_t kMaxVersions = 20;

  /// Refuses a name that another guardrail has. The same `clientRequestToken` again gives the
  /// guardrail that it has created.
  [[nodiscard]] Checked<GuardrailPtr> create(const std::string& owner, std::string_view region,
                                             const json::Value& body, base::TimePoint now);
  [[nodiscard]] Checked<GuardrailPtr> update(const std::string& owner, std::string_view identifier,
                                             const json::Value& body, base::TimePoint now);
  /// A numbered copy of the draft.
  [[nodiscard]] Checked<GuardrailPtr> create_version(const std::string& owner,
                                                     std::string_view identifier,
                                                     const json::Value& body, base::TimePoint now);
  /// Deletes a version, or all of the guardrail if `version` is empty.
  [[nodiscard]] Checked<void> erase(const std::string& owner, std::string_view identifier,
                                    std::string_view version);

  /// An empty version is the draft.
  [[nodiscard]] Checked<GuardrailPtr> get(const std::string& owner, std::string_view identifier,
                                          std::string_view version) const;
  /// The same for a model's caller: null for a guardrail that was never created.
  [[nodiscard]] Checked<GuardrailPtr> find(const std::string& owner, std::string_view identifier,
                                           std::string_view version) const;
  /// The drafts, or the draft and the versions of one guardrail, the oldest first.
  [[nodiscard]] std::vector<GuardrailPtr> drafts(const std::string& owner) const;
  [[nodiscard]] Checked<std::vector<GuardrailPtr>> versions(const std::string& owner,
                                                            std::string_view identifier) const;
  void clear();

 private:
  struct Entry {
    std::uint64_t number = 0;  ///< In the order of creation.
    GuardrailPtr draft{};
    std::map<std::uint32_t, GuardrailPtr> versions{};
    std::uint32_t last_version = 0;
  };
  using Entries = std::map<std::string, Entry, std::less<>>;  ///< By id.

  [[nodiscard]] const Entry* find_entry(const std::string& owner,
                                        std::string_view identifier) const;
  [[nodiscard]] Entry* find_entry(const std::string& owner, std::string_view identifier);
  /// The guardrail of that name, or null.
  [[nodiscard]] GuardrailPtr named(const std::string& owner, std::string_view name) const;

  mutable std::mutex mutex_;
  std::map<std::string, Entries> owners_;
  std::uint64_t created_ = 0;
};

}  // namespace llm::local
