#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace llm::bedrock {

/// How the native InvokeModel body of a model is written. `none`: only Converse reaches the model.
enum class WireFormat : std::uint8_t {
  none,
  claude_messages,
  claude_text,
  titan_text,
  llama2,
  llama3,
  llama4,
  titan_embedding_v1,
  titan_embedding_v2,
  cohere_embedding_v3,
  cohere_embedding_v4,
  nova_embedding
};

/// The name of a wire format in data/models.json and in the public ModelInfo.
struct WireFormatName {
  WireFormat format;
  std::string_view name;
};

/// Every wire format, in any order. Its codec is in bedrock/codec/formats.hpp: a table of its own,
/// because the catalogue is read while building, before there are codecs.
inline constexpr auto kWireFormats = std::to_array<WireFormatName>({
    {WireFormat::none, "none"},
    {WireFormat::claude_messages, "claude_messages"},
    {WireFormat::claude_text, "claude_text"},
    {WireFormat::titan_text, "titan_text"},
    {WireFormat::llama2, "llama2"},
    {WireFormat::llama3, "llama3"},
    {WireFormat::llama4, "llama4"},
    {WireFormat::titan_embedding_v1, "titan_embedding_v1"},
    {WireFormat::titan_embedding_v2, "titan_embedding_v2"},
    {WireFormat::cohere_embedding_v3, "cohere_embedding_v3"},
    {WireFormat::cohere_embedding_v4, "cohere_embedding_v4"},
    {WireFormat::nova_embedding, "nova_embedding"},
});

/// The name of a wire format; empty for one that has no row.
[[nodiscard]] std::string_view to_string(WireFormat format,
                                         std::span<const WireFormatName> names = kWireFormats);

/// A wire format by its name, or nullopt.
[[nodiscard]] std::optional<WireFormat> wire_format_from(
    std::string_view name, std::span<const WireFormatName> names = kWireFormats);

}  // namespace llm::bedrock
