#include "bedrock/codec/text/llama_prompt.hpp"

#include <array>
#include <utility>
#include <variant>

#include "base/text.hpp"
#include "bedrock/codec/text/request.hpp"

namespace llm::bedrock {
namespace {

constexpr std::string_view kImage = "<|image|>";

constexpr std::array<std::string_view, 6> kLlama2Tokens{"[INST]",   "[/INST]", "<<SYS>>",
                                                        "<</SYS>>", "<s>",     "</s>"};
constexpr std::array<std::string_view, 7> kLlama3Tokens{"<|begin_of_text|>",
                                                        "<|start_header_id|>",
                                                        "<|end_header_id|>",
                                                        "<|eot_id|>",
                                                        "<|eom_id|>",
                                                        "<|python_tag|>",
                                                        kImage};
constexpr std::array<std::string_view, 7> kLlama4Tokens{"<|begin_of_text|>",
                                                        "<|header_start|>",
                                                        "<|header_end|>",
                                                        "<|eot|>",
                                                        "<|eom|>",
                                                        "<|python_start|>",
                                                        kImage};

// The tokens around a turn, the only difference between the Llama 3 and 4 templates.
struct Template {
  std::string_view header_start;
  std::string_view header_end;
  std::string_view turn_end;
};
constexpr Template kLlama3{"<|start_header_id|>", "<|end_header_id|>\n\n", "<|eot_id|>"};
constexpr Template kLlama4{"<|header_start|>", "<|header_end|>\n\n", "<|eot|>"};

Result<std::string> trimmed(std::span<const PlacedBlock> blocks, const ModelId& model) {
  const auto text = plain_text(blocks, model);
  if (!text) return std::unexpected(text.error());
  return std::string(base::trim(*text));
}

bool carries_images(const ModelId& model, WireFormat format) {
  return format == WireFormat::llama3 && model.facts != nullptr &&
         model.facts->vision == Support::yes;
}

// The text of a turn, with `<|image|>` for each image.
Result<std::string> turn_text(const Turn& turn, const ModelId& model, WireFormat format,
                              std::vector<PlacedBlock>& images) {
  std::string text;
  std::size_t begin = 0;
  const std::span<const PlacedBlock> blocks(turn.blocks);
  for (std::size_t at = 0; at <= blocks.size(); ++at) {
    const bool is_image = at < blocks.size() && turn.role == Role::user &&
                          carries_images(model, format) &&
                          std::holds_alternative<ImageContent>(*blocks[at].content);
    if (at < blocks.size() && !is_image) continue;
    const auto part = trimmed(blocks.subspan(begin, at - begin), model);
    if (!part) return std::unexpected(part.error());
    text += *part;
    if (!is_image) continue;
    text += kImage;
    images.push_back(blocks[at]);
    begin = at + 1;
  }
  return text;
}

// `<s>[INST] <<SYS>>..<</SYS>> {user} [/INST] {assistant} </s><s>[INST] {user} [/INST]`
Result<LlamaPrompt> llama2_prompt(const Conversation& conversation, const ModelId& model) {
  const auto checked = check_user_is_last(conversation, model);
  if (!checked) return std::unexpected(checked.error());
  const auto system = trimmed(conversation.system, model);
  if (!system) return std::unexpected(system.error());
  std::string folded;
  if (!system->empty()) folded = "<<SYS>>\n" + *system + "\n<</SYS>>\n\n";
  LlamaPrompt prompt;
  for (const Turn& turn : conversation.turns) {
    const auto text = trimmed(turn.blocks, model);
    if (!text) return std::unexpected(text.error());
    if (turn.role == Role::user) {
      prompt.text += "<s>[INST] " + std::exchange(folded, {}) + *text + " [/INST]";
    } else {
      prompt.text += " " + *text + " </s>";
    }
  }
  return prompt;
}

void open_turn(const Template& tokens, std::string_view role, std::string& text) {
  text += tokens.header_start;
  text += role;
  text += tokens.header_end;
}

// A last message of the assistant stays open: the model continues it.
Result<LlamaPrompt> header_prompt(const Conversation& conversation, const ModelId& model,
                                  WireFormat format) {
  const Template& tokens = format == WireFormat::llama4 ? kLlama4 : kLlama3;
  LlamaPrompt prompt{.text = "<|begin_of_text|>"};
  const auto system = trimmed(conversation.system, model);
  if (!system) return std::unexpected(system.error());
  if (!system->empty()) {
    open_turn(tokens, "system", prompt.text);
    prompt.text += *system;
    prompt.text += tokens.turn_end;
  }
  for (const Turn& turn : conversation.turns) {
    const auto text = turn_text(turn, model, format, prompt.images);
    if (!text) return std::unexpected(text.error());
    open_turn(tokens, to_string(turn.role), prompt.text);
    prompt.text += *text;
    const bool is_open = turn.role == Role::assistant && &turn == &conversation.turns.back();
    if (!is_open) prompt.text += tokens.turn_end;
  }
  if (conversation.turns.back().role == Role::user) open_turn(tokens, "assistant", prompt.text);
  return prompt;
}

}  // namespace

Result<LlamaPrompt> llama_prompt(const Conversation& conversation, const ModelId& model,
                                 WireFormat format) {
  return format == WireFormat::llama2 ? llama2_prompt(conversation, model)
                                      : header_prompt(conversation, model, format);
}

std::span<const std::string_view> llama_special_tokens(WireFormat format) {
  if (format == WireFormat::llama2) return kLlama2Tokens;
  if (format == WireFormat::llama4) return kLlama4Tokens;
  return kLlama3Tokens;
}

}  // namespace llm::bedrock
