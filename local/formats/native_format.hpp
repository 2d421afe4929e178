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
class NativeFormat {
 public:
  virtual ~NativeFormat() = default;

  /// Checks a body as Bedrock does and takes out what an answer needs. The result holds views into
  /// `body`.
  [[nodiscard]] virtual Checked<Prompt> read(const json::Value& body, const Model& model) const = 0;
  /// The body of InvokeModel's reply.
  [[nodiscard]] virtual std::string response_body(const Completion& completion,
                                                  const ReplyFacts& facts) const = 0;
  /// The JSON objects of a streamed reply in order; the last one carries the metrics.
  [[nodiscard]] virtual std::vector<std::string> stream_chunks(const Completion& completion,
                                                               const ReplyFacts& facts) const = 0;
};

/// The form that `body` is written in. A model of the older Claude generation takes two.
/// Requires: the model takes native bodies and makes text.
[[nodiscard]] const NativeFormat& native_format_of(const Model& model, const json::Value& body);

/// The forms themselves, one file each.
[[nodiscard]] const NativeFormat& claude_messages_format();
[[nodiscard]] const NativeFormat& claude_text_format();
[[nodiscard]] const NativeFormat& titan_text_format();
[[nodiscard]] const NativeFormat& llama_format();

}  // namespace llm::local
