#include "local/model/cache_limits.hpp"

#include <algorithm>
#include <array>

namespace llm::local {
namespace {

constexpr std::size_t kBlocksLookedBack = 20;
constexpr std::int64_t kUsualMinimum = 1024;

/// The start of the ids of models, and the fewest tokens that they cache.
struct Minimum {
  std::string_view id;
  std::int64_t tokens;
};

// The first row that fits counts.
constexpr std::array kMinimums{
    Minimum{"anthropic.claude-3-5-haiku-", 2048},
    Minimum{"anthropic.claude-3-5-sonnet-20241022-", kUsualMinimum},
    Minimum{"anthropic.claude-3-7-sonnet-", kUsualMinimum},
    Minimum{"anthropic.claude-haiku-4-5-", 4096},
    Minimum{"anthropic.claude-opus-4-5-", 4096},
    Minimum{"anthropic.claude-opus-4-6-", 4096},
    Minimum{"anthropic.claude-opus-4-7", 4096},
    Minimum{"anthropic.claude-opus-5", 512},
    Minimum{"anthropic.claude-sonnet-4-6", 2048},
    Minimum{"anthropic.claude-sonnet-5-5", 512},
    Minimum{"anthropic.claude-fable-5-1", 512},
    Minimum{"anthropic.claude-fable-", kUsualMinimum},
    Minimum{"anthropic.claude-haiku-5-5", 512},
    Minimum{"anthropic.claude-mythos-5", 512},
    Minimum{"anthropic.claude-mythos-", kUsualMinimum},
    Minimum{"anthropic.claude-opus-", kUsualMinimum},
    Minimum{"anthropic.claude-sonnet-", kUsualMinimum},
    Minimum{"amazon.nova-2-lite-", kUsualMinimum},
    Minimum{"amazon.nova-2-pro-", kUsualMinimum},
    Minimum{"amazon.nova-lite-", 1536},
    Minimum{"amazon.nova-micro-", 1536},
    Minimum{"amazon.nova-pro-", kUsualMinimum},
};

// The starts of the ids of models that do not cache prompts.
constexpr std::array<std::string_view, 18> kWithout{"amazon.titan-",
                                                    "anthropic.claude-3-haiku-",
                                                    "anthropic.claude-3-sonnet-",
                                                    "anthropic.claude-instant-",
                                                    "anthropic.claude-v1",
                                                    "anthropic.claude-v2",
                                                    "deepseek.",
                                                    "google.gemma-4-",
                                                    "meta.",
                                                    "minimax.",
                                                    "mistral.",
                                                    "moonshot.kimi-k2-",
                                                    "moonshotai.kimi-k2.5",
                                                    "nvidia.",
                                                    "openai.gpt-oss-",
                                                    "qwen.",
                                                    "writer.",
                                                    "zai.glm-4.7"};
// Later models with this start do.
constexpr std::string_view kGlm5 = "zai.glm-5";

}  // namespace

CacheLimits cache_limits(const Model& model) {
  const auto names = [&model](std::string_view start) { return model.id.starts_with(start); };
  const auto* const found = std::ranges::find_if(kMinimums, names, &Minimum::id);
  if (found != kMinimums.end()) {
    return {.caching = Caching::yes,
            .minimum_tokens = found->tokens,
            .blocks_looked_back = model.provider() == "Anthropic" ? kBlocksLookedBack : 0};
  }
  const bool without = model.id == kGlm5 || std::ranges::any_of(kWithout, names);
  return {.caching = without ? Caching::no : Caching::unknown};
}

}  // namespace llm::local
