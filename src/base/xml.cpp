#include "base/xml.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

#include "base/text.hpp"

namespace llm::base {
namespace {

constexpr std::string_view kSpace = " \t\r\n";

bool is_space(char c) { return kSpace.find(c) != std::string_view::npos; }

bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool is_name_byte(char c) {
  return is_name_start(c) || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == ':';
}

std::string_view local_name(std::string_view qualified) {
  return qualified.substr(qualified.find(':') + 1);
}

void append_utf8(std::uint32_t code, std::string& out) {
  const auto byte = [&out](std::uint32_t bits) { out += static_cast<char>(bits); };
  if (code < 0x80) {
    byte(code);
  } else if (code < 0x800) {
    byte(0xC0 | (code >> 6));
    byte(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    byte(0xE0 | (code >> 12));
    byte(0x80 | ((code >> 6) & 0x3F));
    byte(0x80 | (code & 0x3F));
  } else {
    byte(0xF0 | (code >> 18));
    byte(0x80 | ((code >> 12) & 0x3F));
    byte(0x80 | ((code >> 6) & 0x3F));
    byte(0x80 | (code & 0x3F));
  }
}

// XML 1.0, production 2 (Char).
bool is_xml_character(std::uint32_t code) {
  return code == 0x9 || code == 0xA || code == 0xD || (code >= 0x20 && code <= 0xD7FF) ||
         (code >= 0xE000 && code <= 0xFFFD) || (code >= 0x10000 && code <= 0x10FFFF);
}

constexpr std::array<std::pair<std::string_view, char>, 5> kNamedEntities = {
    {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}}};

// `name` stands between `&` and `;`.
bool append_entity(std::string_view name, std::string& out) {
  for (const auto& [entity, character] : kNamedEntities) {
    if (name != entity) continue;
    out += character;
    return true;
  }
  if (!name.starts_with('#')) return false;
  const int base = name.starts_with("#x") ? 16 : 10;
  const std::string_view digits = name.substr(base == 16 ? 2 : 1);
  const char* const digits_end = digits.data() + digits.size();
  std::uint32_t code = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits_end, code, base);
  if (failure != std::errc{} || end != digits_end || !is_xml_character(code)) return false;
  append_utf8(code, out);
  return true;
}

class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  std::optional<XmlElement> document() {
    if (rest_.starts_with("<?xml") && !skip_past("?>")) return std::nullopt;
    XmlElement root;
    if (!skip_between() || !element(root, 1) || !skip_between() || !rest_.empty()) {
      return std::nullopt;
    }
    return root;
  }

 private:
  bool take(std::string_view token) {
    if (!rest_.starts_with(token)) return false;
    rest_.remove_prefix(token.size());
    return true;
  }

  bool skip_past(std::string_view token) {
    const std::size_t at = rest_.find(token);
    if (at == std::string_view::npos) return false;
    rest_.remove_prefix(at + token.size());
    return true;
  }

  void skip_space() {
    const std::size_t at = rest_.find_first_not_of(kSpace);
    rest_.remove_prefix(at == std::string_view::npos ? rest_.size() : at);
  }

  // White space and comments outside the root element.
  bool skip_between() {
    skip_space();
    while (take("<!--")) {
      if (!skip_past("-->")) return false;
      skip_space();
    }
    return true;
  }

  std::string_view name() {
    if (rest_.empty() || !is_name_start(rest_.front())) return {};
    std::size_t size = 1;
    while (size < rest_.size() && is_name_byte(rest_[size])) ++size;
    const std::string_view found = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return found;
  }

  enum class TagEnd { content, empty_element, malformed };

  // Reads up to and including `>` or `/>`.
  TagEnd attributes() {
    while (true) {
      const bool spaced = !rest_.empty() && is_space(rest_.front());
      skip_space();
      if (take("/>")) return TagEnd::empty_element;
      if (take(">")) return TagEnd::content;
      if (!spaced || name().empty()) return TagEnd::malformed;
      skip_space();
      if (!take("=")) return TagEnd::malformed;
      skip_space();
      if (!attribute_value()) return TagEnd::malformed;
    }
  }

  bool attribute_value() {
    if (rest_.empty() || (rest_.front() != '"' && rest_.front() != '\'')) return false;
    const char quote = rest_.front();
    const std::size_t end = rest_.find(quote, 1);
    if (end == std::string_view::npos) return false;
    if (rest_.substr(1, end - 1).find('<') != std::string_view::npos) return false;
    rest_.remove_prefix(end + 1);
    return true;
  }

  // NOLINTNEXTLINE(misc-no-recursion): kMaxXmlDepth levels
  bool element(XmlElement& out, int depth) {
    if (depth > kMaxXmlDepth || ++elements_ > kMaxXmlElements || !take("<")) return false;
    const std::string_view qualified = name();
    out.name = local_name(qualified);
    if (out.name.empty()) return false;
    const TagEnd end = attributes();
    if (end == TagEnd::malformed) return false;
    if (end == TagEnd::empty_element) return true;
    if (!content(out, depth) || !take("</") || name() != qualified) return false;
    skip_space();
    return take(">");
  }

  // Everything up to the end tag.
  // NOLINTNEXTLINE(misc-no-recursion): see `element`
  bool content(XmlElement& out, int depth) {
    while (!rest_.empty()) {
      if (rest_.starts_with("</")) return true;
      if (take("<!--")) {
        if (!skip_past("-->")) return false;
      } else if (take("<![CDATA[")) {
        const std::size_t end = rest_.find("]]>");
        if (end == std::string_view::npos) return false;
        out.text += rest_.substr(0, end);
        rest_.remove_prefix(end + 3);
      } else if (rest_.front() == '<') {
        if (!element(out.children.emplace_back(), depth + 1)) return false;
      } else if (!character_data(out.text)) {
        return false;
      }
    }
    return false;
  }

  // Up to the next `<` or just past the next entity.
  bool character_data(std::string& out) {
    if (rest_.front() != '&') {
      const std::string_view plain = rest_.substr(0, rest_.find_first_of("<&"));
      out += plain;
      rest_.remove_prefix(plain.size());
      return true;
    }
    const std::size_t end = rest_.substr(0, 12).find(';');
    if (end == std::string_view::npos || !append_entity(rest_.substr(1, end - 1), out))
      return false;
    rest_.remove_prefix(end + 1);
    return true;
  }

  std::string_view rest_;
  std::size_t elements_ = 0;
};

bool has_forbidden_byte(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 && !is_space(c)) return true;
  }
  return false;
}

}  // namespace

const XmlElement* XmlElement::child(std::string_view child_name) const {
  for (const XmlElement& candidate : children) {
    if (candidate.name == child_name) return &candidate;
  }
  return nullptr;
}

std::string_view XmlElement::text_at(std::initializer_list<std::string_view> path) const {
  const XmlElement* at = this;
  for (const std::string_view step : path) {
    at = at->child(step);
    if (at == nullptr) return {};
  }
  return trim(at->text);
}

std::optional<XmlElement> parse_xml(std::string_view text) {
  if (text.size() > kMaxXmlBytes || has_forbidden_byte(text) || !is_valid_utf8(text)) {
    return std::nullopt;
  }
  return Reader(text).document();
}

}  // namespace llm::base
