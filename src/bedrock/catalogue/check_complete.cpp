#include <string>
#include <string_view>
#include <utility>

#include "bedrock/catalogue/overlay.hpp"

namespace llm::bedrock {
namespace {

std::unexpected<Error> incomplete(std::string message) {
  return std::unexpected(make_error(ErrorCode::configuration_error, std::move(message),
                                    "See data/README.md for the format."));
}

std::string quoted(std::string_view text) { return '"' + std::string(text) + '"'; }

}  // namespace

Result<void> check_complete(const CatalogueOverlay& catalogue) {
  const auto models = catalogue.models();
  for (std::size_t index = 1; index < models.size(); ++index) {
    if (models[index - 1].base_id < models[index].base_id) continue;
    return incomplete("Model " + quoted(models[index].base_id) +
                      " is out of order: models are sorted by \"id\".");
  }
  for (const ModelFacts& facts : models) {
    if (facts.successor.empty() || catalogue.find(facts.successor) != nullptr) continue;
    return incomplete("Model " + quoted(facts.base_id) + " has the successor " +
                      quoted(facts.successor) + ", which is not in the catalogue.");
  }
  for (const RegionDefault& row : catalogue.region_defaults()) {
    if (catalogue.find(row.base_id) != nullptr) continue;
    return incomplete("The default model " + quoted(row.base_id) + " of " +
                      quoted(row.region_prefix) + " is not in the catalogue.");
  }
  if (catalogue.find(catalogue.default_model()) == nullptr) {
    return incomplete("The default model " + quoted(catalogue.default_model()) +
                      " is not in the catalogue.");
  }
  return {};
}

}  // namespace llm::bedrock
