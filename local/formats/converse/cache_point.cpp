#include "local/formats/converse/cache_point.hpp"

#include "local/formats/cache_points.hpp"
#include "local/formats/converse/media.hpp"

namespace llm::local {

Checked<void> read_converse_cache_point(const json::Value& cache_point, const std::string& list,
                                        std::size_t blocks, const Model& model, Prompt& prompt) {
  // In the native body a cache point belongs to the block before it.
  const std::string place = list + "." + std::to_string(blocks == 0 ? 0 : blocks - 1);
  auto checked = read_cache_point(cache_point["ttl"].text_or_empty(), place, model, prompt);
  if (checked || checked.error().status != 400) return checked;
  return as_refused_by_model(checked);
}

}  // namespace llm::local
