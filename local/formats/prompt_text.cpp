#include "local/formats/prompt_text.hpp"

namespace llm::local {

void read_stop_sequences(const json::Value& list, Prompt& prompt) {
  for (const json::Value sequence : list.elements()) {
    prompt.stop_sequences.push_back(sequence.text_or_empty());
  }
}

std::optional<std::string_view> after_last(std::string_view text, std::string_view tag) {
  const std::size_t at = text.rfind(tag);
  if (at == std::string_view::npos) return std::nullopt;
  return text.substr(at + tag.size());
}

std::string_view last_turn(std::string_view text, std::string_view start, std::string_view end) {
  const auto turn = after_last(text, start);
  return turn ? turn->substr(0, turn->find(end)) : text;
}

std::string_view last_turn_to_last_end(std::string_view text, std::string_view start,
                                       std::string_view end) {
  const auto turn = after_last(text, start);
  return turn ? turn->substr(0, turn->rfind(end)) : text;
}

std::string_view length_or_stop(StopReason reason) {
  return reason == StopReason::max_tokens ? "length" : "stop";
}

}  // namespace llm::local
