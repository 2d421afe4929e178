#include <algorithm>
#include <utility>

#include "aws/shared_config.hpp"
#include "base/text.hpp"

namespace llm::aws {
namespace {

constexpr std::string_view kBlanks = " \t";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kNameCharacters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-/.%@:+";

std::string_view trim_blanks(std::string_view text) {
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

bool is_name(std::string_view text) {
  return !text.empty() && text.find_first_not_of(kNameCharacters) == std::string_view::npos;
}

bool is_comment(std::string_view text) { return text.starts_with('#') || text.starts_with(';'); }

/// A `#` or `;` begins a comment only after white space, so that `a=b#c` keeps its whole value.
std::string_view without_comment(std::string_view line) {
  for (std::size_t i = 1; i < line.size(); ++i) {
    if (is_comment(line.substr(i)) && kBlanks.contains(line[i - 1])) return line.substr(0, i);
  }
  return line;
}

struct KeyAndValue {
  std::string key;
  std::string value;
};

/// Nullopt without `=` or with an empty key.
std::optional<KeyAndValue> read_property(std::string_view line) {
  line = without_comment(line);
  const auto equals = line.find('=');
  if (equals == std::string_view::npos) return std::nullopt;
  const auto key = trim_blanks(line.substr(0, equals));
  if (key.empty()) return std::nullopt;
  return KeyAndValue{base::to_lower(key), std::string(trim_blanks(line.substr(equals + 1)))};
}

class Reader {
 public:
  explicit Reader(std::string_view file_name) : file_name_(file_name) {}

  Result<void> read(std::string_view text) {
    if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
    for (std::string_view line : base::split(text, '\n')) {
      ++line_number_;
      if (line.ends_with('\r')) line.remove_suffix(1);
      if (auto taken = take(line); !taken) return taken;
    }
    return {};
  }

  IniFile file() && { return std::move(file_); }

 private:
  Result<void> take(std::string_view line) {
    if (is_comment(line) || trim_blanks(line).empty()) return {};
    if (line.starts_with('[')) return take_header(line);
    if (kBlanks.contains(line.front())) return take_continuation(trim_blanks(line));
    return take_property(line);
  }

  Result<void> take_header(std::string_view line) {
    property_ = nullptr;
    const auto end = line.find(']');
    if (end == std::string_view::npos) return fail("the section header has no \"]\"");
    const auto rest = trim_blanks(line.substr(end + 1));
    if (!rest.empty() && !is_comment(rest)) warn("Text after the section header is ignored.");

    const auto name = header_name(trim_blanks(line.substr(1, end - 1)));
    section_ = name ? &file_.sections[*name] : &dropped_section_;
    return {};
  }

  /// `x` or `prefix x` with one space in between; nullopt and a warning for an invalid name.
  std::optional<std::string> header_name(std::string_view text) {
    const auto blank = text.find_first_of(kBlanks);
    const auto prefix = text.substr(0, blank);
    auto name = blank == std::string_view::npos ? std::string_view() : text.substr(blank);
    name = trim_blanks(name);
    bool quoted = name.size() > 2 && (name.front() == '"' || name.front() == '\'') &&
                  name.back() == name.front();
    // botocore strips the quotes, and then allows any name. Two names, as in `"a" "b"`, are none.
    if (quoted) name = name.substr(1, name.size() - 2);
    quoted = quoted && name.find_first_of("\"'\\") == std::string_view::npos;
    if (quoted) {
      warn(
          "Quotes around the section's name are ignored. Other tools may treat them as part of "
          "it.");
    }
    if (!is_name(prefix) || (!name.empty() && !quoted && !is_name(name))) {
      warn("The section is ignored because its name contains invalid characters.");
      return std::nullopt;
    }
    if (name.empty()) return std::string(prefix);
    return std::string(prefix) + " " + std::string(name);
  }

  Result<void> take_property(std::string_view line) {
    if (section_ == nullptr) return fail("a property comes before the first section");
    auto property = read_property(line);
    if (!property) return fail("the line is not \"key = value\"");

    Property& slot = is_name(property->key) ? (*section_)[property->key] : dropped_property_;
    if (&slot == &dropped_property_) {
      warn("The property is ignored because its name contains invalid characters.");
    }
    slot = Property{std::move(property->value), {}};
    property_ = &slot;
    accepts_nested_ = slot.value.empty();
    return {};
  }

  Result<void> take_continuation(std::string_view line) {
    if (property_ == nullptr) {
      return fail("the line is indented but does not continue a property");
    }
    if (!accepts_nested_) {
      property_->value.append("\n").append(line);
      return {};
    }
    if (is_comment(line)) return {};
    auto nested = read_property(line);
    if (!nested) return fail("the line below a property without a value is not \"key = value\"");
    if (!is_name(nested->key)) {
      warn("The nested property is ignored because its name contains invalid characters.");
      return {};
    }
    property_->nested.insert_or_assign(std::move(nested->key), std::move(nested->value));
    return {};
  }

  std::string position() const { return file_name_ + " line " + std::to_string(line_number_); }

  void warn(std::string_view sentence) {
    file_.warnings.push_back(position() + ": " + std::string(sentence));
  }

  Result<void> fail(std::string_view problem) const {
    return std::unexpected(
        make_error(ErrorCode::configuration_error,
                   "Could not read " + position() + ": " + std::string(problem) + ".",
                   "Correct or remove that line."));
  }

  std::string file_name_;
  IniFile file_;
  int line_number_ = 0;
  Section dropped_section_;
  Property dropped_property_;
  Section* section_ = nullptr;
  Property* property_ = nullptr;
  bool accepts_nested_ = false;
};

}  // namespace

Result<IniFile> parse_ini(std::string_view text, std::string_view name) {
  Reader reader{name};
  if (auto read = reader.read(text); !read) return std::unexpected(std::move(read.error()));
  return std::move(reader).file();
}

}  // namespace llm::aws
