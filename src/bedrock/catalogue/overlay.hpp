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

/// The storage that a catalogue's facts point into. Deques: growing does not move elements.
struct CatalogueData {
  std::deque<std::string> texts;
  std::deque<std::vector<std::string_view>> lists;
  std::deque<std::vector<ProfilePrice>> prices;
  std::vector<ModelFacts> models;
  std::string_view default_model;
  std::vector<RegionDefault> region_defaults;
};

/// A catalogue read at run time, in the format of data/models.json (data/README.md). Its entries
/// replace the compiled-in entries of the same models. Owns its texts.
class CatalogueOverlay {
 public:
  /// Reads a catalogue. `models` is required; of each model `id`, `provider`, `mode` and
  /// `wire_format`. Other members may be absent or null: unknown.
  /// Errors: configuration_error, naming the model and the member: not JSON, an unknown or repeated
  /// member, a wrong type or value, a repeated model, a source that is not in the `sources` table.
  [[nodiscard]] static Result<CatalogueOverlay> parse(std::string_view json);

  /// The facts of a base id, or null. They live as long as this object, moved or not.
  [[nodiscard]] const ModelFacts* find(std::string_view base_id) const;

  /// In the order of the file.
  [[nodiscard]] std::span<const ModelFacts> models() const { return data_->models; }

  /// In the order of the file.
  [[nodiscard]] std::span<const RegionDefault> region_defaults() const {
    return data_->region_defaults;
  }

  /// Base id; empty when the file names none.
  [[nodiscard]] std::string_view default_model() const { return data_->default_model; }

 private:
  explicit CatalogueOverlay(std::unique_ptr<const CatalogueData> data) : data_(std::move(data)) {}

  std::unique_ptr<const CatalogueData> data_;
};

/// What the compiled-in catalogue must satisfy in addition: models sorted by id; the default model
/// and all successors are in it. Errors: configuration_error, naming the model.
[[nodiscard]] Result<void> check_complete(const CatalogueOverlay& catalogue);

/// The name of a quirk in the file.
struct QuirkName {
  std::string_view name;
  bool Quirks::* member;
};

/// Every quirk.
[[nodiscard]] std::span<const QuirkName> quirk_names();

}  // namespace llm::bedrock
