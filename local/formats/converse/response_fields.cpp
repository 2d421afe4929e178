#include "local/formats/converse/response_fields.hpp"

#include <map>
#include <string_view>
#include <vector>

#include "base/text.hpp"
#include "json/writer.hpp"

namespace llm::local {
namespace {

using json::Value;

/// The decoded names of a JSON Pointer; empty for an invalid one.
std::vector<std::string> pointer_names(std::string_view pointer) {
  if (!pointer.starts_with('/')) return {};
  std::vector<std::string> names;
  for (const std::string_view part : base::split(pointer.substr(1), '/')) {
    std::string& name = names.emplace_back();
    for (std::size_t i = 0; i < part.size(); ++i) {
      if (part[i] != '~') {
        name += part[i];
        continue;
      }
      ++i;
      if (i == part.size() || (part[i] != '0' && part[i] != '1')) return {};
      name += part[i] == '0' ? '~' : '/';
    }
  }
  return names;
}

Value member_or_element(const Value& value, const std::string& name) {
  if (!value.is_array()) return value[name];
  std::size_t index = 0;
  for (const Value element : value.elements()) {
    if (std::to_string(index++) == name) return element;
  }
  return {};
}

/// The JSON text at `names`; empty when there is none.
std::string find(Value value, const std::vector<std::string>& names) {
  for (const std::string& name : names) value = member_or_element(value, name);
  return value.exists() ? value.to_text() : std::string();
}

/// An object under construction, path by path.
struct Tree {
  std::map<std::string, Tree> members{};
  std::string text{};  ///< Of a leaf.

  // NOLINTNEXTLINE(misc-no-recursion): as deep as the reply, which has at most 256 levels
  void write(json::Writer& writer) const {
    if (!text.empty()) {
      writer.raw(text);
      return;
    }
    writer.begin_object();
    for (const auto& [name, member] : members) member.write(writer.key(name));
    writer.end_object();
  }
};

}  // namespace

Checked<void> check_field_paths(const Value& paths) {
  for (const Value path : paths.elements()) {
    if (!pointer_names(path.text_or_empty()).empty()) continue;
    // Documented as an error with status 400; Bedrock's message is unknown.
    return invalid("The additionalModelResponseFieldPaths field has an invalid JSON Pointer: " +
                   path.text_or_empty());
  }
  return {};
}

std::string pick_fields(const Value& paths, std::span<const std::string> natives) {
  Tree root;
  for (const std::string& native : natives) {
    json::Parser parser;
    const Result<Value> reply = parser.parse(native);
    if (!reply) continue;
    for (const Value path : paths.elements()) {
      const std::vector<std::string> names = pointer_names(path.text_or_empty());
      const std::string text = find(*reply, names);
      if (text.empty()) continue;
      Tree* place = &root;
      for (const std::string& name : names) place = &place->members[name];
      if (place->text.empty()) place->text = text;
    }
  }
  if (root.members.empty()) return {};
  json::Writer writer;
  root.write(writer);
  return std::move(writer).take();
}

}  // namespace llm::local
