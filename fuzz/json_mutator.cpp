// The mutator of targets whose input is JSON, or lines that end with JSON: it keeps the syntax in
// seven of eight cases, and what comes before the JSON of a line.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/json_scan.hpp"
#include "fuzz/mutation.hpp"

namespace {

using namespace llm::fuzz;

constexpr std::array<std::string_view, 26> kValues{"null",
                                                   "true",
                                                   "false",
                                                   "0",
                                                   "-1",
                                                   "1",
                                                   "0.5",
                                                   "1e308",
                                                   "-1e-400",
                                                   "2147483648",
                                                   "9223372036854775808",
                                                   "18446744073709551616",
                                                   "9007199254740993",
                                                   "1.0",
                                                   R"("")",
                                                   R"("\ud83d")",
                                                   R"("\u0000")",
                                                   R"("a\"\\\n")",
                                                   R"("ü世🙂")",
                                                   "[]",
                                                   "{}",
                                                   "[[]]",
                                                   "[{}]",
                                                   R"({"":null})",
                                                   R"("AAAA")",
                                                   R"("text")"};

std::string_view part_of(std::string_view text, Span span) {
  return text.substr(span.begin, span.end - span.begin);
}

Span pick(const std::vector<Span>& spans, Chance& chance) {
  return spans[chance.below(spans.size())];
}

void replace(std::string& text, Span span, std::string_view by) {
  text.replace(span.begin, span.end - span.begin, by);
}

/// With the comma that separated it.
void erase(std::string& text, Span span) {
  const std::size_t after = text.find_first_not_of(" \t\r\n", span.end);
  const std::size_t before =
      span.begin == 0 ? std::string::npos : text.find_last_not_of(" \t\r\n", span.begin - 1);
  if (after < text.size() && text[after] == ',') {
    span.end = after + 1;
  } else if (before < text.size() && text[before] == ',') {
    span.begin = before;
  }
  replace(text, span, "");
}

/// Inserts a member before a member, or an element before an element.
void insert_copy(std::string& text, const std::vector<Span>& siblings, std::string_view from,
                 Span what, Chance& chance) {
  std::string copy(part_of(from, what));
  text.insert(pick(siblings, chance).begin, copy.append(","));
}

/// Changes the bytes inside a string; quotes and controls are escaped again.
std::string mutated_string(std::string_view quoted) {
  std::string inside(quoted.substr(1, quoted.size() - 2));
  mutate_bytes(inside);
  std::string out = "\"";
  for (std::size_t i = 0; i < inside.size(); ++i) {
    const auto byte = static_cast<unsigned char>(inside[i]);
    const bool is_escape = byte == '\\' && i + 1 < inside.size() &&
                           std::string_view("\"\\/bfnrtu").contains(inside[i + 1]);
    if (is_escape) {
      out.append(inside, i++, 2);
    } else if (byte == '"' || byte == '\\' || byte < 0x20) {
      constexpr std::string_view kDigits = "0123456789abcdef";
      out.append("\\u00").append(1, kDigits[byte >> 4]).append(1, kDigits[byte & 15]);
    } else {
      out += inside[i];
    }
  }
  return out += '"';
}

void mutate_value(std::string& text, Span value, Chance& chance) {
  const std::string old(part_of(text, value));
  switch (chance.below(4)) {
    case 0:
      return replace(text, value, kValues[chance.below(kValues.size())]);
    case 1:
      return replace(text, value, chance.one_in(2) ? "[" + old + "]" : "{\"a\":" + old + "}");
    default:
      break;
  }
  if (old.starts_with('"') && old.size() >= 2) return replace(text, value, mutated_string(old));
  if (old.starts_with('{') || old.starts_with('[')) return;
  std::string word = old;
  mutate_bytes(word, 8);
  replace(text, value, word);
}

/// One change of `text`, with parts of `other`, which may be the same text.
void mutate_json(std::string& text, const std::string& other, Chance& chance) {
  JsonScan scan(text);
  JsonScan source(other);
  if (!scan.run() || !source.run()) return mutate_bytes(text);
  const JsonParts& parts = scan.parts();
  const JsonParts& given = source.parts();
  const bool has_members = !parts.members.empty() && !given.members.empty();
  const bool has_elements = !parts.elements.empty() && !given.elements.empty();
  switch (chance.below(8)) {
    case 0:
      if (has_members) return erase(text, pick(parts.members, chance));
      break;
    case 1:
      if (has_elements) return erase(text, pick(parts.elements, chance));
      break;
    case 2:
      if (has_members) {
        return insert_copy(text, parts.members, other, pick(given.members, chance), chance);
      }
      break;
    case 3:
      if (has_elements) {
        return insert_copy(text, parts.elements, other, pick(given.elements, chance), chance);
      }
      break;
    case 4:
      return replace(text, pick(parts.values, chance), part_of(other, pick(given.values, chance)));
    case 5:
      if (!has_members) break;
      if (chance.one_in(2)) {
        const Span key = pick(parts.keys, chance);
        return replace(text, key, mutated_string(part_of(text, key)));
      }
      return replace(text, pick(parts.keys, chance), part_of(other, pick(given.keys, chance)));
    default:
      break;
  }
  mutate_value(text, pick(parts.values, chance), chance);
}

/// Each with its line feed.
std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t size = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.emplace_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return lines;
}

std::size_t json_begin(std::string_view line) {
  return std::min(line.find_first_of("{["), line.size());
}

/// The JSON of a line of `other`.
std::string json_of(const std::string& line) { return line.substr(json_begin(line)); }

void mutate_line(std::string& line, const std::string& other, Chance& chance) {
  const std::size_t begin = json_begin(line);
  // The words before the JSON are few, and worth a change in one of eight cases.
  if (begin == line.size() || (begin > 0 && chance.one_in(8))) {
    std::string words = line.substr(0, begin);
    mutate_bytes(words);
    line.replace(0, begin, words);
    return;
  }
  std::string json = line.substr(begin);
  mutate_json(json, json_of(other), chance);
  line.replace(begin, std::string::npos, json);
}

std::string mutated(std::string_view input, std::string_view other, Chance& chance) {
  std::vector<std::string> lines = lines_of(input);
  const std::vector<std::string> others = lines_of(other);
  if (lines.empty() || others.empty()) return std::string(input);
  if (lines.size() > 1 && chance.one_in(4)) {
    rearrange(lines, chance);
  } else {
    mutate_line(lines[chance.below(lines.size())], others[chance.below(others.size())], chance);
  }
  return joined(lines);
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t max_size, unsigned seed) {
  Chance chance(seed);
  if (size == 0 || chance.one_in(8)) return LLVMFuzzerMutate(data, size, max_size);
  const std::string input(as_text(data, size));
  std::string changed = mutated(input, input, chance);
  while (chance.one_in(2)) changed = mutated(changed, input, chance);
  return store(changed, data, max_size);
}

extern "C" std::size_t LLVMFuzzerCustomCrossOver(const std::uint8_t* first, std::size_t first_size,
                                                 const std::uint8_t* second,
                                                 std::size_t second_size, std::uint8_t* out,
                                                 std::size_t max_size, unsigned seed) {
  Chance chance(seed);
  return store(mutated(as_text(first, first_size), as_text(second, second_size), chance), out,
               max_size);
}
