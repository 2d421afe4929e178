#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "json/tape.hpp"

namespace llm::json {

/// Stores on the tape where its text begins, as an offset in bytes from its strings. The tape's
/// last word has room for it.
void note_text(const Tape& tape, std::uint64_t offset);

/// The original text of the number at `place`: `1.0`, `1e5`. The first call for a document stores
/// on its tape where each such number is, in bits that simdjson leaves unused. The view lives as
/// long as the document. Used by one thread at a time. Requires: the place is tagged as a double;
/// `note_text` was called; the text is unchanged and followed by a zero.
[[nodiscard]] std::string_view source_number(const Tape& tape, std::size_t place);

/// Replaces the last two digits of each integer beyond 64 bits by an exponent, in place: simdjson
/// can read the result, which differs by less than one part in 10^17. False when there was none.
/// Requires: a zero follows the text.
[[nodiscard]] bool shorten_integers(char* text);

}  // namespace llm::json
