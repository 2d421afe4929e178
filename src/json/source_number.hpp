#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "json/tape.hpp"

namespace llm::json {

/// Says on the tape where its text begins: so many bytes behind the beginning of its strings. The
/// tape's last word has room for it.
void note_text(const Tape& tape, std::uint64_t offset);

/// The number of that place as the text has it: `1.0`, `1e5`. The first call for a document notes
/// on its tape where each such number stands, in bits that simdjson leaves empty. The view lives as
/// long as the document. Not for two threads at once.
/// Requires: what is tagged as a double stands there; `note_text` was called; the text, which is
/// followed by a zero, has not been changed.
[[nodiscard]] std::string_view source_number(const Tape& tape, std::size_t place);

/// Turns each integer beyond 64 bits into a number that simdjson can read, as long as it was and
/// within one part in 10^17 of it: its last two digits become an exponent. False: there was none.
/// Requires: a zero follows the text.
[[nodiscard]] bool shorten_integers(char* text);

}  // namespace llm::json
