#include <llm/bedrock/models.hpp>

#include "base/time.hpp"
#include "bedrock/catalogue/catalogue.hpp"
#include "port/system.hpp"

namespace llm::bedrock {
namespace {

std::string today() { return base::iso8601_date(port::real_system()->now()); }

}  // namespace

std::vector<ModelInfo> catalogue() {
  std::vector<ModelInfo> infos;
  infos.reserve(all_models().size());
  const std::string day = today();
  for (const ModelFacts& facts : all_models()) {
    infos.push_back(to_model_info({.requested_id = std::string(facts.base_id),
                                   .base_id = std::string(facts.base_id),
                                   .kind = IdKind::base_model,
                                   .facts = &facts},
                                  day));
  }
  return infos;
}

std::vector<ModelInfo> catalogue(std::string_view region) {
  std::vector<ModelInfo> infos;
  infos.reserve(all_models().size());
  const std::string day = today();
  for (const ModelFacts& facts : all_models()) {
    std::string id = callable_id(facts, region);
    if (id.empty()) id = facts.base_id;
    if (const Result<ModelId> parsed = parse_model_id(id))
      infos.push_back(to_model_info(*parsed, day));
  }
  return infos;
}

std::string default_model(std::string_view region) {
  return callable_id(default_base_model(region, today(), nullptr), region);
}

std::string callable_id(std::string_view base_id, std::string_view region) {
  const ModelFacts* facts = find_model(base_id);
  return facts == nullptr ? std::string(base_id) : callable_id(*facts, region);
}

}  // namespace llm::bedrock
