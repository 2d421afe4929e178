#include "local/guardrails/store.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/sha256.hpp"

namespace llm::local {
namespace {

constexpr std::string_view kGuardrailAccount = "000000000000";
constexpr std::string_view kDraft = "DRAFT";
constexpr std::size_t kIdSize = 12;

std::string_view id_of(std::string_view identifier) {
  return identifier.substr(identifier.rfind('/') + 1);
}

// Bedrock's messages are unknown.
std::unexpected<Refusal> no_such_guardrail() {
  return std::unexpected(
      Refusal{.status = 404,
              .name = "ResourceNotFoundException",
              .message = "The guardrail identifier or version provided in the request does not "
                         "exist."});
}

std::unexpected<Refusal> name_taken() {
  return std::unexpected(Refusal{
      .name = "ConflictException",
      .message = "Another guardrail in your account already has this name. Provide a unique name "
                 "and try again."});
}

std::unexpected<Refusal> too_many(std::string_view what, std::size_t limit) {
  return std::unexpected(Refusal{.name = "ServiceQuotaExceededException",
                                 .message = "The limit of " + std::to_string(limit) + " " +
                                            std::string(what) + " has been reached."});
}

/// The draft that a body defines, without what the service adds.
Checked<Guardrail> read_draft(const json::Value& body) {
  Checked<GuardrailPolicies> policies = read_policies(body);
  if (!policies) return std::unexpected(policies.error());
  return Guardrail{.name = body["name"].text_or_empty(),
                   .version = std::string(kDraft),
                   .description = body["description"].text_or_empty(),
                   .definition = body.to_text(),
                   .token = body["clientRequestToken"].text_or_empty(),
                   .policies = std::make_shared<const GuardrailPolicies>(std::move(*policies))};
}

/// The entry of a guardrail in the map of owners, or null.
template <typename Owners>
auto entry_in(Owners& owners, const std::string& owner, std::string_view identifier)
    -> decltype(&owners.begin()->second.begin()->second) {
  const auto entries = owners.find(owner);
  if (entries == owners.end()) return nullptr;
  const auto found = entries->second.find(id_of(identifier));
  return found == entries->second.end() ? nullptr : &found->second;
}

std::uint32_t number_of(std::string_view version) {
  std::uint32_t number = 0;
  std::from_chars(version.data(), version.data() + version.size(), number);
  return number;
}

}  // namespace

const GuardrailStore::Entry* GuardrailStore::find_entry(const std::string& owner,
                                                        std::string_view identifier) const {
  return entry_in(owners_, owner, identifier);
}

GuardrailStore::Entry* GuardrailStore::find_entry(const std::string& owner,
                                                  std::string_view identifier) {
  return entry_in(owners_, owner, identifier);
}

GuardrailPtr GuardrailStore::named(const std::string& owner, std::string_view name) const {
  const auto entries = owners_.find(owner);
  if (entries == owners_.end()) return nullptr;
  for (const auto& [id, entry] : entries->second) {
    if (entry.draft->name == name) return entry.draft;
  }
  return nullptr;
}

Checked<GuardrailPtr> GuardrailStore::create(const std::string& owner, std::string_view region,
                                             const json::Value& body, base::TimePoint now) {
  Checked<Guardrail> draft = read_draft(body);
  if (!draft) return std::unexpected(draft.error());
  const std::lock_guard lock(mutex_);
  if (GuardrailPtr same = named(owner, draft->name)) {
    if (!draft->token.empty() && same->token == draft->token) return same;
    return name_taken();
  }
  Entries& entries = owners_[owner];
  if (entries.size() >= kMaxGuardrails) return too_many("guardrails", kMaxGuardrails);
  ++created_;
  draft->id = base::hex(base::sha256(owner + " " + draft->name + " " + std::to_string(created_)))
                  .substr(0, kIdSize);
  draft->arn = "arn:aws:bedrock:" + std::string(region) + ":" + std::string(kGuardrailAccount) +
               ":guardrail/" + draft->id;
  draft->created = draft->updated = now;
  Entry& entry = entries[draft->id];
  entry.number = created_;
  entry.draft = std::make_shared<const Guardrail>(std::move(*draft));
  return entry.draft;
}

Checked<GuardrailPtr> GuardrailStore::update(const std::string& owner, std::string_view identifier,
                                             const json::Value& body, base::TimePoint now) {
  Checked<Guardrail> draft = read_draft(body);
  if (!draft) return std::unexpected(draft.error());
  const std::lock_guard lock(mutex_);
  Entry* entry = find_entry(owner, identifier);
  if (entry == nullptr) return no_such_guardrail();
  if (draft->name != entry->draft->name && named(owner, draft->name)) return name_taken();
  draft->id = entry->draft->id;
  draft->arn = entry->draft->arn;
  draft->token = entry->draft->token;
  draft->created = entry->draft->created;
  draft->updated = now;
  entry->draft = std::make_shared<const Guardrail>(std::move(*draft));
  return entry->draft;
}

Checked<GuardrailPtr> GuardrailStore::create_version(const std::string& owner,
                                                     std::string_view identifier,
                                                     const json::Value& body, base::TimePoint now) {
  const std::lock_guard lock(mutex_);
  Entry* entry = find_entry(owner, identifier);
  if (entry == nullptr) return no_such_guardrail();
  const std::string token = body["clientRequestToken"].text_or_empty();
  for (const auto& [number, version] : entry->versions) {
    if (!token.empty() && version->token == token) return version;
  }
  if (entry->versions.size() >= kMaxVersions) {
    return too_many("versions of a guardrail", kMaxVersions);
  }
  Guardrail copy = *entry->draft;
  copy.version = std::to_string(++entry->last_version);
  copy.description = body["description"].text_or_empty();
  copy.token = token;
  copy.created = copy.updated = now;
  GuardrailPtr& version = entry->versions[entry->last_version];
  version = std::make_shared<const Guardrail>(std::move(copy));
  return version;
}

Checked<void> GuardrailStore::erase(const std::string& owner, std::string_view identifier,
                                    std::string_view version) {
  const std::lock_guard lock(mutex_);
  Entry* entry = find_entry(owner, identifier);
  if (entry == nullptr) return no_such_guardrail();
  if (version.empty()) {
    owners_[owner].erase(std::string(id_of(identifier)));
    return {};
  }
  if (entry->versions.erase(number_of(version)) == 0) return no_such_guardrail();
  return {};
}

Checked<GuardrailPtr> GuardrailStore::get(const std::string& owner, std::string_view identifier,
                                          std::string_view version) const {
  Checked<GuardrailPtr> found = find(owner, identifier, version);
  if (found && *found == nullptr) return no_such_guardrail();
  return found;
}

Checked<GuardrailPtr> GuardrailStore::find(const std::string& owner, std::string_view identifier,
                                           std::string_view version) const {
  const std::lock_guard lock(mutex_);
  const Entry* entry = find_entry(owner, identifier);
  if (entry == nullptr) return nullptr;
  if (version.empty() || version == kDraft) return entry->draft;
  const auto found = entry->versions.find(number_of(version));
  if (found == entry->versions.end()) return no_such_guardrail();
  return found->second;
}

std::vector<GuardrailPtr> GuardrailStore::drafts(const std::string& owner) const {
  const std::lock_guard lock(mutex_);
  const auto entries = owners_.find(owner);
  if (entries == owners_.end()) return {};
  std::vector<std::pair<std::uint64_t, GuardrailPtr>> numbered;
  for (const auto& [id, entry] : entries->second) numbered.emplace_back(entry.number, entry.draft);
  std::ranges::sort(numbered);
  std::vector<GuardrailPtr> all;
  all.reserve(numbered.size());
  for (auto& [number, draft] : numbered) all.push_back(std::move(draft));
  return all;
}

Checked<std::vector<GuardrailPtr>> GuardrailStore::versions(const std::string& owner,
                                                            std::string_view identifier) const {
  const std::lock_guard lock(mutex_);
  const Entry* entry = find_entry(owner, identifier);
  if (entry == nullptr) return no_such_guardrail();
  std::vector<GuardrailPtr> all{entry->draft};
  for (const auto& [number, version] : entry->versions) all.push_back(version);
  return all;
}

void GuardrailStore::clear() {
  const std::lock_guard lock(mutex_);
  owners_.clear();
}

}  // namespace llm::local
