#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace llm::base {

/// Percent-encodes every byte but `A-Z a-z 0-9 - . _ ~` (RFC 3986 unreserved), upper-case hex.
[[nodiscard]] std::string percent_encode(std::string_view text);
void append_percent_encoded(std::string_view text, std::string& out);
/// Decodes; nullopt when a `%` is not followed by two hex digits. `+` stays `+`.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text);

}  // namespace llm::base
