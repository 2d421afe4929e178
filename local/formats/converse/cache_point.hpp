#pragma once

#include <cstddef>
#include <string>

#include "json/reader.hpp"
#include "local/frontend/refusal.hpp"
#include "local/model/models.hpp"
#include "local/model/prompt.hpp"

namespace llm::local {

/// Adds a `cachePoint` block to `prompt`, or refuses it. `list` is the place of its list in the
/// native body, e.g. `messages.0.content`; `blocks` is the number of other blocks before it there.
[[nodiscard]] Checked<void> read_converse_cache_point(const json::Value& cache_point,
                                                      const std::string& list, std::size_t blocks,
                                                      const Model& model, Prompt& prompt);

}  // namespace llm::local
