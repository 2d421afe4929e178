#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <llm/chat.hpp>
#include <llm/error.hpp>

#include "bedrock/codec/codec.hpp"
#include "json/reader.hpp"

namespace llm::bedrock {

/// What one JSON object of a text-only family holds: a chunk, or a buffered response. Views live as
/// long as the JSON.
struct TextOutput {
  std::string_view text{};
  std::optional<std::string_view> stop_reason{};  ///< Set: the completion ends here.
  FinishReason finish_reason = FinishReason::unknown;
  std::optional<std::string> stop_sequence{};
  std::optional<std::int64_t> prompt_tokens{};
  std::optional<std::int64_t> completion_tokens{};
};

/// Reads the object of a family. Errors: a sentence on what is missing; the caller makes the Error.
using ReadTextOutput = std::expected<TextOutput, std::string_view> (*)(const json::Value& object);

/// Decodes a buffered response that is one object, of a family whose chunks have the same shape.
/// Errors: model_error.
[[nodiscard]] Result<ChatResponse> decode_text_response(std::string_view format,
                                                        ReadTextOutput read,
                                                        const HttpResponseHead& head,
                                                        std::string_view body);

/// The choice of an output with a stop reason. `index` counts from 0.
[[nodiscard]] Choice to_choice(const TextOutput& output, int index);

/// Decodes the stream of a text-only family.
[[nodiscard]] std::unique_ptr<StreamDecoder> text_stream_decoder(ReadTextOutput read);

}  // namespace llm::bedrock
