#include "llm/document_name.hpp"

#include <cstddef>

#include "base/text.hpp"

namespace llm {

std::string clean_document_name(std::string_view name) {
  constexpr std::size_t kMaxNameBytes = 200;
  constexpr std::string_view kMarks = "-()[] ";
  constexpr std::string_view kLettersAndDigits =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  std::string clean;
  for (const char character : name) {
    const bool is_kept = kLettersAndDigits.contains(character) || kMarks.contains(character);
    const char next = is_kept ? character : '-';
    const bool repeats = clean.ends_with(next) && (next == ' ' || !is_kept);
    if (!repeats && clean.size() < kMaxNameBytes) clean.push_back(next);
  }
  if (clean.find_first_of(kLettersAndDigits) == std::string::npos) return "document";
  return std::string(base::trim(clean));
}

}  // namespace llm
