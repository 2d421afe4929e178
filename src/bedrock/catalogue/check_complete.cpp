#include <string>
#include <string_view>
#include <utility>

#include "base/text.hpp"
#include "bedrock/catalogue/overlay.hpp"

namespace llm::bedrock {
namespace {

std::unexpected<Error> incomplete(std::string message) {
  return std::unexpected(make_error(ErrorCode::configuration_error, std::move(message),
                                    "See data/README.md for the format."));
}

}  // namespace

Result<void> check_complete(const CatalogueOverlay& catalogue) {
  const auto models = catalogue.models();
  for (std::size_t index = 1; index < models.size(); ++index) {
    if (models[index - 1].base_id < models[index].base_id) continue;
    return incomplete("Model " + base::in_quotes(models[index].base_id) +
                      " is out of order: models are sorted by \"id\".");
  }
  for (const ModelFacts& facts : models) {
    if (facts.successor.empty() || catalogue.find(facts.successor) != nullptr) continue;
    return incomplete("Model " + base::in_quotes(facts.base_id) + " has the successor " +
                      base::in_quotes(facts.successor) + ", which is not in the catalogue.");
  }
  for (const RegionDefault& row : catalogue.region_defaults()) {
    if (catalogue.find(row.base_id) != nullptr) continue;
    return incomplete("The default model " + base::in_quotes(row.base_id) + " of " +
                      base::in_quotes(row.region_prefix) + " is not in the catalogue.");
  }
  if (catalogue.find(catalogue.default_model()) == nullptr) {
    return incomplete("The default model " + base::in_quotes(catalogue.default_model()) +
                      " is not in the catalogue.");
  }
  return {};
}

}  // namespace llm::bedrock
