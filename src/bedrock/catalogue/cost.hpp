#pragma once

#include <cstdint>
#include <optional>

#include <llm/chat.hpp>

#include "bedrock/catalogue/catalogue.hpp"

namespace llm::bedrock {

/// How long a request asks to keep what it writes to the cache.
enum class CacheTime : std::uint8_t {
  five_minutes,  ///< The service's own choice, or none of its cache points asks for longer.
  longer,        ///< Some of them do.
};

/// What the cache points in the messages and in extra_fields ask for. Any "ttl" in extra_fields
/// counts as longer.
[[nodiscard]] CacheTime cache_time_of(const ChatRequest& request);

/// The cost of a response in US dollars, at the catalogue's on-demand price: by the profile, the
/// service tier, the length of the input, and how long the cache keeps what was written. nullopt
/// when one of the prices is unknown (never zero); when `details` report optimized latency; or when
/// the service did not report what the cache keeps for how long, and `time` is `longer`. Pure.
[[nodiscard]] std::optional<double> cost_of(const ModelId& model, const Usage& usage,
                                            const ResponseDetails& details, CacheTime time);

}  // namespace llm::bedrock
