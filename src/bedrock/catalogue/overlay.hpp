#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <llm/error.hpp>

#include "bedrock/catalogue/catalogue.hpp"

namespace llm::bedrock {

/// What a catalogue's facts point into. Deques: places stay when they grow.
struct CatalogueData {
  std::deque<std::string> texts;
  std::deque<std::vector<std::string_view>> lists;
  std::deque<std::vector<ProfilePrice>> prices;
  std::vector<ModelFacts> models;
  std::string_view default_model;
};

/// A catalogue read at run time, in the format of data/models.json (data/README.md), laid over the
/// compiled-in one: a model that it names replaces the compiled-in entry whole. Owns its texts.
class CatalogueOverlay {
 public:
  /// Reads a catalogue. `models` is required; of each model `id`, `provider`, `mode` and
  /// `wire_format`. Anything else may be absent or null, which means unknown.
  /// Errors: configuration_error, naming the model and the member: not JSON, a member that is
  /// unknown or given twice, a wrong type, an unknown word, a model given twice, a source that the
  /// `sources` table does not have.
  [[nodiscard]] static Result<CatalogueOverlay> parse(std::string_view json);

  /// The facts of a base id, or null. They live as long as this object, moved or not.
  [[nodiscard]] const ModelFacts* find(std::string_view base_id) const;

  /// In the order of the file.
  [[nodiscard]] std::span<const ModelFacts> models() const { return data_->models; }

  /// Base id; empty when the file names none.
  [[nodiscard]] std::string_view default_model() const { return data_->default_model; }

 private:
  explicit CatalogueOverlay(std::unique_ptr<const CatalogueData> data) : data_(std::move(data)) {}

  std::unique_ptr<const CatalogueData> data_;
};

/// What the compiled-in catalogue must satisfy besides: models sorted by id, a default model that
/// is one of them, and successors that are.
/// Errors: configuration_error, naming the model.
[[nodiscard]] Result<void> check_complete(const CatalogueOverlay& catalogue);

/// A quirk's word in the file.
struct QuirkName {
  std::string_view name;
  bool Quirks::* member;
};

/// Every quirk.
[[nodiscard]] std::span<const QuirkName> quirk_names();

/// A wire form by its word, or nullopt.
[[nodiscard]] std::optional<WireFormat> wire_format_from(std::string_view word);

}  // namespace llm::bedrock
