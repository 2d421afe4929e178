#pragma once

#include <span>

namespace llm::json {

/// Replaces each lone surrogate in the strings of a JSON text by U+FFFD, which takes as many bytes:
/// escapes (`\ud83d`) and the three bytes that would encode one. Returns whether there were any.
bool replace_lone_surrogates(std::span<char> text);

}  // namespace llm::json
