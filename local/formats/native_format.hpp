#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "json/reader.hpp"
#include "local/frontend/refusal.hpp"
#include "local/model/models.hpp"
#include "local/model/prompt.hpp"

namespace llm::local {

/// What a reply tells besides the answer.
struct ReplyFacts {
  const Model* model = nullptr;
  std::string_view seed{};  ///< Ids within the reply are made from it.
  std::int64_t invocation_ms = 0;
  std::int64_t first_byte_ms = 0;
};

/// One way to write native bodies of InvokeModel. Stateless and pure; safe from any thread.
class Form {
 public:
  virtual ~Form() = default;

  /// Checks a body as Bedrock does and takes out what an answer needs. The result holds views into
  /// `body`.
  [[nodiscard]] virtual Checked<Conversation> read(const json::Value& body,
                                                   const Model& model) const = 0;
  /// The body of InvokeModel's reply.
  [[nodiscard]] virtual std::string whole(const Answer& answer, const ReplyFacts& facts) const = 0;
  /// The JSON objects of a streamed reply in order; the last one carries the metrics.
  [[nodiscard]] virtual std::vector<std::string> pieces(const Answer& answer,
                                                        const ReplyFacts& facts) const = 0;
};

/// The form that `body` is written in. A model of the older Claude generation takes two.
/// Requires: the model takes native bodies and makes text.
[[nodiscard]] const Form& form_of(const Model& model, const json::Value& body);

/// The forms themselves, one file each.
[[nodiscard]] const Form& claude_messages_form();
[[nodiscard]] const Form& claude_text_form();
[[nodiscard]] const Form& titan_text_form();
[[nodiscard]] const Form& llama_form();

}  // namespace llm::local
