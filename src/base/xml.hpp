#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace llm::base {

/// An element of a small document: its name without the namespace prefix, its own character data
/// with entities resolved, and its children. Attributes are checked and dropped.
struct XmlElement {
  std::string name{};
  std::string text{};
  std::vector<XmlElement> children{};

  /// The first child of that name, or null. The pointer lives as long as this object.
  [[nodiscard]] const XmlElement* child(std::string_view child_name) const;
  /// The text of the first descendant along `path`, trimmed, or empty.
  [[nodiscard]] std::string_view text_at(std::initializer_list<std::string_view> path) const;
};

/// Limits of `parse_xml`. Responses of AWS's query protocol are far below them.
inline constexpr std::size_t kMaxXmlBytes = 64 * 1024;
inline constexpr int kMaxXmlDepth = 16;
inline constexpr std::size_t kMaxXmlElements = 1024;

/// Parses one complete document, strictly: matching tags, the five named entities and character
/// references, valid UTF-8, a declaration and comments. nullopt for anything else, so also for a
/// DOCTYPE, a processing instruction, trailing text or more than the bounds. Pure.
[[nodiscard]] std::optional<XmlElement> parse_xml(std::string_view text);

}  // namespace llm::base
