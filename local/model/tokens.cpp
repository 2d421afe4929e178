#include "local/model/tokens.hpp"

#include <cstddef>

#include "base/text.hpp"

namespace llm::local {
namespace {

constexpr std::size_t kLettersPerToken = 6;

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

}  // namespace

std::string_view first_token(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size() && base::is_space(text[end])) ++end;
  for (std::size_t letters = 0;
       letters < kLettersPerToken && end < text.size() && !base::is_space(text[end]);) {
    // A letter beyond ASCII is about half a token in most scripts.
    letters += static_cast<unsigned char>(text[end]) < 0x80U ? 1 : kLettersPerToken / 2;
    ++end;
    while (end < text.size() && continues_character(text[end])) ++end;
  }
  return text.substr(0, end);
}

std::int64_t count_tokens(std::string_view text) {
  std::int64_t count = 0;
  for (; !text.empty(); ++count) text.remove_prefix(first_token(text).size());
  return count;
}

std::string_view first_tokens(std::string_view text, std::int64_t count) {
  std::string_view rest = text;
  for (; count > 0 && !rest.empty(); --count) rest.remove_prefix(first_token(rest).size());
  return text.substr(0, text.size() - rest.size());
}

}  // namespace llm::local
