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

/// What one JSON object of a text-only family says: a chunk, or a whole answer. Views live as long
/// as the JSON.
struct TextPiece {
  std::string_view text{};
  std::optional<std::string_view> stop_reason{};  ///< Set: the answer ends here.
  FinishReason finish_reason = FinishReason::unknown;
  std::optional<std::string> stop_sequence{};
  std::optional<std::int64_t> prompt_tokens{};
  std::optional<std::int64_t> completion_tokens{};
};

/// Reads the object of a family. Errors: a sentence on what is missing; the code is the caller's.
using ReadTextPiece = std::expected<TextPiece, std::string_view> (*)(const json::Value& object);

/// The answer in one object, of a family whose chunks have the same shape.
/// Errors: model_error.
[[nodiscard]] Result<ChatResponse> decode_text_answer(std::string_view form, ReadTextPiece read,
                                                      const HttpResponseHead& head,
                                                      std::string_view body);

/// The choice that a piece with a stop reason makes. `index` counts from 0.
[[nodiscard]] Choice to_choice(const TextPiece& piece, int index);

/// Decodes the stream of a text-only family. `form` must live as long as the program.
[[nodiscard]] std::unique_ptr<StreamDecoder> text_stream_decoder(std::string_view form,
                                                                 ReadTextPiece read);

}  // namespace llm::bedrock
