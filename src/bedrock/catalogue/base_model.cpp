#include "bedrock/catalogue/base_model.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "base/errors.hpp"

namespace llm::bedrock {
namespace {

void take(ModelId& id, const ModelId& base) {
  id.base_id = base.base_id;
  id.context = base.context;
  id.prefix = base.prefix;
  id.facts = base.facts;
}

/// A model of a profile: `arn:aws:bedrock:<region>::foundation-model/<id>`; in a global profile the
/// region is empty. nullopt for any other ARN.
std::optional<ModelId> read_model_arn(std::string_view arn, const CatalogueOverlay* overlay) {
  constexpr std::string_view kKind = "::foundation-model/";
  const std::size_t kind = arn.find(kKind);
  if (!arn.starts_with("arn:") || kind == std::string_view::npos) return std::nullopt;
  Result<ModelId> model = parse_model_id(arn.substr(kind + kKind.size()), overlay);
  if (!model || model->base_id.empty()) return std::nullopt;
  const std::string_view before_kind = arn.substr(0, kind);
  model->region = before_kind.substr(before_kind.rfind(':') + 1);
  return *model;
}

/// The prefix whose prices apply to a profile of these regions, or nullopt if it is ambiguous: the
/// profiles of Asia and the Pacific overlap.
std::optional<std::string_view> price_prefix(const std::vector<ModelId>& models) {
  if (models.size() == 1 && !models.front().region.empty()) return std::string_view();
  const auto all_in = [&](std::string_view geography) {
    return std::ranges::all_of(
        models, [&](const ModelId& model) { return model.region.starts_with(geography); });
  };
  // A global profile has one model ARN without a region.
  const auto has_no_region = [](const ModelId& model) { return model.region.empty(); };
  if (std::ranges::any_of(models, has_no_region)) return "global";
  for (const std::string_view prefix : {"us-gov", "us", "eu"}) {
    if (all_in(std::string(prefix) + '-')) return prefix;
  }
  return std::nullopt;
}

}  // namespace

Result<void> name_base_model(ModelId& id, std::string_view base_model,
                             const CatalogueOverlay* overlay) {
  Result<ModelId> base = parse_model_id(base_model, overlay);
  if (!base) {
    base::add_context("base_model", base.error());
    return std::unexpected(std::move(base.error()));
  }
  if (base->facts == nullptr) {
    return base::configuration_error(
        "The base_model \"" + base->requested_id + "\" is not in the catalogue.",
        "List the known models with `bedrock models --all`, or add it in a catalogue file.");
  }
  if (id.facts != nullptr) {
    if (id.base_id == base->base_id) return {};
    return base::configuration_error("The base_model is \"" + base->requested_id + "\", but \"" +
                                         id.requested_id + "\" is " + id.base_id + ".",
                                     "Leave base_model out.");
  }
  take(id, *base);
  id.priced = id.kind == IdKind::application_profile;
  return {};
}

bool take_base_model(ModelId& id, std::span<const std::string> model_arns,
                     const CatalogueOverlay* overlay) {
  std::vector<ModelId> models;
  for (const std::string& arn : model_arns) {
    std::optional<ModelId> model = read_model_arn(arn, overlay);
    if (!model) return false;
    models.push_back(std::move(*model));
  }
  const auto differs = [&](const ModelId& model) {
    return model.base_id != models.front().base_id;
  };
  if (models.empty() || std::ranges::any_of(models, differs)) return false;
  take(id, models.front());
  const auto prefix = price_prefix(models);
  id.prefix = prefix.value_or("");
  id.priced = prefix.has_value();
  return true;
}

}  // namespace llm::bedrock
