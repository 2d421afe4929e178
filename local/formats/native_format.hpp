#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "json/reader.hpp"
#include "local/frontend/refusal.hpp"
#include "local/model/models.hpp"
#include "local/model/prompt.hpp"

namespace llm::local {

/// What a reply contains besides the completion.
struct ReplyFacts {
  const Model* model = nullptr;
  std::string_view seed{};  ///< The ids in the reply derive from it.
  std::int64_t invocation_ms = 0;
  std::int64_t first_byte_ms = 0;
};

/// A native format of InvokeModel. Stateless and pure; safe from any thread.
class NativeFormat {
 public:
  virtual ~NativeFormat() = default;

  /// Checks a body as Bedrock does and reads the prompt. The result holds views into `body`.
  [[nodiscard]] virtual Checked<Prompt> read(const json::Value& body, const Model& model) const = 0;
  /// The body of a buffered response.
  [[nodiscard]] virtual std::string response_body(const Completion& completion,
                                                  const ReplyFacts& facts) const = 0;
  /// The JSON objects of a streaming response, in order. The last one carries the metrics.
  [[nodiscard]] virtual std::vector<std::string> stream_chunks(const Completion& completion,
                                                               const ReplyFacts& facts) const = 0;
};

// One file each.
[[nodiscard]] const NativeFormat& claude_messages_format();
[[nodiscard]] const NativeFormat& claude_text_format();
[[nodiscard]] const NativeFormat& titan_text_format();
[[nodiscard]] const NativeFormat& llama_format();
[[nodiscard]] const NativeFormat& nova_format();
[[nodiscard]] const NativeFormat& mistral_text_format();
[[nodiscard]] const NativeFormat& deepseek_text_format();
[[nodiscard]] const NativeFormat& cohere_command_format();
[[nodiscard]] const NativeFormat& cohere_command_r_format();
[[nodiscard]] const NativeFormat& chat_completions_format();

/// A wire format that has a native format for text.
struct NativeFormatEntry {
  WireFormat wire_format;
  const NativeFormat& (*format)();
};

/// All of them. A new text family adds its row here and its function above.
inline constexpr std::array kNativeFormats{
    NativeFormatEntry{WireFormat::claude_messages, claude_messages_format},
    NativeFormatEntry{WireFormat::claude_text, claude_text_format},
    NativeFormatEntry{WireFormat::titan_text, titan_text_format},
    NativeFormatEntry{WireFormat::llama, llama_format},
};

/// A family of WireFormat::converse_only whose native bodies are known, by the start of its ids.
struct FamilyFormat {
  std::string_view id;
  const NativeFormat& (*format)();
};

/// All of them; the first row that fits counts.
inline constexpr std::array kFamilyFormats{
    FamilyFormat{"amazon.nova-", nova_format},
    FamilyFormat{"mistral.mistral-7b-", mistral_text_format},
    FamilyFormat{"mistral.mixtral-", mistral_text_format},
    FamilyFormat{"mistral.mistral-large-2402-", mistral_text_format},
    FamilyFormat{"mistral.mistral-small-2402-", mistral_text_format},
    FamilyFormat{"cohere.command-r-", cohere_command_r_format},
    FamilyFormat{"cohere.command-", cohere_command_format},
    FamilyFormat{"deepseek.r1-", deepseek_text_format},
    FamilyFormat{"deepseek.", chat_completions_format},
    FamilyFormat{"ai21.jamba-", chat_completions_format},
    FamilyFormat{"google.gemma-", chat_completions_format},
    FamilyFormat{"minimax.", chat_completions_format},
    FamilyFormat{"mistral.", chat_completions_format},
    FamilyFormat{"moonshot", chat_completions_format},
    FamilyFormat{"nvidia.", chat_completions_format},
    FamilyFormat{"openai.gpt-oss-", chat_completions_format},
    FamilyFormat{"qwen.", chat_completions_format},
    FamilyFormat{"writer.", chat_completions_format},
    FamilyFormat{"zai.", chat_completions_format},
};

/// The native format of a model, or null: embedding models and those of Converse alone have none.
/// A body with a `prompt` selects Claude's older text format.
[[nodiscard]] const NativeFormat* find_native_format(const Model& model, const json::Value& body);

}  // namespace llm::local
