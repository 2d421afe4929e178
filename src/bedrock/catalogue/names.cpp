#include <array>

#include "bedrock/catalogue/overlay.hpp"

namespace llm::bedrock {
namespace {

constexpr std::array<std::string_view, 12> kWireFormats = {"none",
                                                           "claude_messages",
                                                           "claude_text",
                                                           "titan_text",
                                                           "llama2",
                                                           "llama3",
                                                           "llama4",
                                                           "titan_embedding_v1",
                                                           "titan_embedding_v2",
                                                           "cohere_embedding_v3",
                                                           "cohere_embedding_v4",
                                                           "nova_embedding"};

constexpr std::array<QuirkName, 8> kQuirks = {{
    {"temperature_or_top_p", &Quirks::temperature_or_top_p},
    {"no_sampling", &Quirks::no_sampling},
    {"no_prefill", &Quirks::no_prefill},
    {"no_stream_tools", &Quirks::no_stream_tools},
    {"no_system", &Quirks::no_system},
    {"adaptive_thinking", &Quirks::adaptive_thinking},
    {"native_schema", &Quirks::native_schema},
    {"needs_profile", &Quirks::needs_profile},
}};

}  // namespace

std::string_view to_string(WireFormat form) {
  return kWireFormats.at(static_cast<std::size_t>(form));
}

std::optional<WireFormat> wire_format_from(std::string_view word) {
  for (std::size_t index = 0; index < kWireFormats.size(); ++index) {
    if (kWireFormats.at(index) == word) return static_cast<WireFormat>(index);
  }
  return std::nullopt;
}

std::span<const QuirkName> quirk_names() { return kQuirks; }

}  // namespace llm::bedrock
