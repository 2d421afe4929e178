#include "bedrock/control/model_join.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "base/text.hpp"
#include "bedrock/catalogue/base_model.hpp"
#include "bedrock/catalogue/catalogue.hpp"

namespace llm::bedrock {
namespace {

/// What catalogue and service have about one base model.
struct Entry {
  const ModelFacts* facts = nullptr;
  const FoundationModel* listed = nullptr;
  bool on_demand = false;
  std::vector<std::string> system_profiles{};   ///< Ids.
  std::vector<std::string> account_profiles{};  ///< ARNs of the account's own.
};

/// By base id.
using Entries = std::map<std::string, Entry, std::less<>>;

bool contains(const std::vector<std::string>& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

void add(const FoundationModel& model, const CatalogueOverlay* overlay, Entries& entries) {
  const Result<ModelId> id = parse_model_id(model.id, overlay);
  // A suffix such as `:48k` is a variant that only provisioned throughput reaches.
  const bool is_variant = id && !id->context.empty();
  const bool is_known = id && !id->base_id.empty();
  Entry& entry = entries[is_known ? id->base_id : model.id];
  if (is_variant && entry.listed != nullptr) return;
  entry.listed = &model;
  entry.on_demand = !is_variant && contains(model.inference_types, "ON_DEMAND");
}

/// The base id of a profile's model; empty when it is not known.
std::string base_of(const InferenceProfile& profile, const CatalogueOverlay* overlay) {
  Result<ModelId> id = parse_model_id(profile.id, overlay);
  if (id && !id->base_id.empty()) return id->base_id;
  ModelId unnamed;
  return take_base_model(unnamed, profile.model_arns, overlay) ? unnamed.base_id : std::string();
}

void add(const InferenceProfile& profile, const CatalogueOverlay* overlay, Entries& entries) {
  const std::string base_id = base_of(profile, overlay);
  if (base_id.empty()) return;
  Entry& entry = entries[base_id];
  if (profile.type == "APPLICATION") {
    entry.account_profiles.push_back(profile.arn);
  } else {
    entry.system_profiles.push_back(profile.id);
  }
}

/// Ids that can be called, the preferred one first.
std::vector<std::string> callable_ids(const std::string& base_id, const Entry& entry,
                                      std::string_view region, bool profiles_are_known) {
  std::vector<std::string> ids = entry.system_profiles;
  std::ranges::sort(ids);
  if (entry.facts != nullptr) {
    const std::string best =
        std::string(profile_prefix(*entry.facts, region)) + '.' + std::string(base_id);
    const auto found = std::ranges::find(ids, best);
    if (found != ids.end()) std::rotate(ids.begin(), found, found + 1);
  }
  if (entry.on_demand) ids.insert(ids.begin(), base_id);
  ids.insert(ids.end(), entry.account_profiles.begin(), entry.account_profiles.end());
  if (ids.empty() && !profiles_are_known && entry.facts != nullptr && entry.listed != nullptr) {
    std::string id = callable_id(*entry.facts, region);
    if (!id.empty()) ids.push_back(std::move(id));
  }
  return ids;
}

std::string mode_of(const FoundationModel& model) {
  if (contains(model.output_modalities, "EMBEDDING")) return "embedding";
  if (contains(model.output_modalities, "TEXT")) return "chat";
  return model.output_modalities.empty() ? std::string()
                                         : base::to_lower(model.output_modalities.front());
}

/// Fills in what the catalogue lacks, and what the service knows better.
void add_listed(const FoundationModel& model, std::string_view today, ModelInfo& info) {
  if (info.name.empty()) info.name = model.name;
  if (info.provider.empty()) info.provider = model.provider;
  if (info.mode.empty()) info.mode = mode_of(model);
  if (info.input_modalities.empty() && !model.input_modalities.empty()) {
    for (const std::string& word : model.input_modalities) {
      info.input_modalities.push_back(base::to_lower(word));
    }
    info.vision = contains(model.input_modalities, "IMAGE") ? Support::yes : Support::no;
  }
  if (model.streaming != Support::unknown) info.streaming = model.streaming;
  if (model.lifecycle == Lifecycle::unknown) return;
  info.lifecycle = model.lifecycle;
  constexpr std::size_t kDateBytes = std::string_view("2027-01-02").size();
  if (!model.end_of_life.empty()) info.end_of_life = model.end_of_life.substr(0, kDateBytes);
  if (has_ended(info.end_of_life, today)) info.lifecycle = Lifecycle::end_of_life;
}

ModelInfo describe(const std::string& id_to_call, const std::string& base_id,
                   const ModelFacts* facts, std::string_view today) {
  ModelId id{.requested_id = id_to_call, .base_id = base_id, .facts = facts};
  const std::string suffix = '.' + base_id;
  if (id_to_call.ends_with(suffix)) {
    id.prefix = id_to_call.substr(0, id_to_call.size() - suffix.size());
  }
  id.priced = !id_to_call.starts_with("arn:");
  return to_model_info(id, today);
}

}  // namespace

std::vector<const ModelFacts*> every_model(const CatalogueOverlay* overlay) {
  std::map<std::string_view, const ModelFacts*> by_id;
  for (const ModelFacts& facts : all_models()) by_id[facts.base_id] = &facts;
  if (overlay != nullptr) {
    for (const ModelFacts& facts : overlay->models()) by_id[facts.base_id] = &facts;
  }
  std::vector<const ModelFacts*> models;
  models.reserve(by_id.size());
  for (const auto& [id, facts] : by_id) models.push_back(facts);
  return models;
}

std::vector<ListedModel> known_from(std::string_view region, std::string_view today,
                                    const CatalogueOverlay* overlay) {
  std::vector<ListedModel> listed;
  for (const ModelFacts* facts : every_model(overlay)) {
    const std::string base_id(facts->base_id);
    const std::string id = callable_id(*facts, region);
    ListedModel& model = listed.emplace_back();
    if (!id.empty()) model.callable_ids.push_back(id);
    model.info = describe(id.empty() ? base_id : id, base_id, facts, today);
  }
  return listed;
}

std::vector<ListedModel> join(std::string_view region, std::string_view today,
                              const CatalogueOverlay* overlay, const ServiceListing& service) {
  Entries entries;
  for (const ModelFacts* facts : every_model(overlay)) {
    entries[std::string(facts->base_id)].facts = facts;
  }
  for (const FoundationModel& model : service.models) add(model, overlay, entries);
  if (service.profiles) {
    for (const InferenceProfile& profile : *service.profiles) add(profile, overlay, entries);
  }
  std::vector<ListedModel> listed;
  for (const auto& [base_id, entry] : entries) {
    ListedModel& model = listed.emplace_back();
    model.callable_ids = callable_ids(base_id, entry, region, service.profiles.has_value());
    model.served =
        entry.listed != nullptr || !model.callable_ids.empty() ? Support::yes : Support::no;
    model.info = describe(model.callable_ids.empty() ? base_id : model.callable_ids.front(),
                          base_id, entry.facts, today);
    if (entry.listed != nullptr) add_listed(*entry.listed, today, model.info);
  }
  return listed;
}

}  // namespace llm::bedrock
