#pragma once

#include <expected>
#include <string>
#include <string_view>

#include <llm/local/operation.hpp>

#include "local/http/message.hpp"

namespace llm::local {

/// The layer of AWS that refuses. It decides `x-amzn-ErrorType` and the name of the JSON member.
enum class Layer {
  service,    ///< Bedrock: `…/com.amazon.bedrock/` and `message`.
  front_end,  ///< AWS's front end: `…/com.amazon.coral.service/` and `message`.
  api_key,    ///< The check of API keys: as `front_end`, but with `Message`.
};

/// The refusal of a request, in AWS's words.
struct Refusal {
  int status = 400;
  std::string_view name = "ValidationException";  ///< Static text.
  std::string message{};
  Layer layer = Layer::service;
  std::string quoted{};  ///< The part of `message` that quotes what can contain a secret.
};

template <typename T>
using Checked = std::expected<T, Refusal>;

/// A ValidationException (400) of Bedrock.
[[nodiscard]] std::unexpected<Refusal> invalid(std::string message);

/// Bedrock's `Malformed input request: …`. `violations` are joined without a separator; empty: the
/// body is not JSON.
[[nodiscard]] std::unexpected<Refusal> malformed(std::string_view violations);

/// The refusal with `[redacted]` in place of what it quotes, for the journal.
[[nodiscard]] Refusal without_secrets(Refusal refusal);

/// The refusal as restJson1 writes it: status, x-amzn-ErrorType and JSON body.
[[nodiscard]] Reply to_reply(const Refusal& refusal);

/// Whose errors an API has.
enum class ErrorShape {
  aws,
  anthropic,  ///< `{"type":"error","error":{"type","message"}}`
  openai,     ///< `{"error":{"message","type","param","code"}}`
};

/// The shape of the errors of an operation: those of bedrock-mantle have their own.
[[nodiscard]] ErrorShape error_shape_of(Operation operation);

/// The refusal in that shape. Names and statuses of AWS become the types and codes of those APIs.
/// Sources: Anthropic and OpenAI API references; NousResearch/hermes-agent#87190 and #52316.
[[nodiscard]] Reply to_reply(const Refusal& refusal, ErrorShape shape);

/// The body of such a refusal.
[[nodiscard]] std::string error_body(const Refusal& refusal, ErrorShape shape);

}  // namespace llm::local
