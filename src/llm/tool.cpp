#include <llm/tool.hpp>

#include <utility>

#include "base/errors.hpp"
#include "json/reader.hpp"
#include "llm/json_members.hpp"

namespace llm {
namespace {

using json::Value;

// OpenAI's format, which wraps the tool.
bool is_wrapped(const Value& tool) { return tool["function"].exists(); }

// Reads the tool at `path` (`tools[2]`), member by member.
class ToolReader {
 public:
  explicit ToolReader(std::string path) : path_(std::move(path)) {}

  Result<Tool> read(const Value& value) const {
    if (!value.is_object()) return base::configuration_error(path_ + " must be a JSON object.");
    if (!is_wrapped(value)) return read_members(value);

    for (const auto& [key, member] : value.members()) {
      if (key != "type" && key != "function") return unknown_member(key);
    }
    if (value["type"].string() != "function") {
      return base::configuration_error(path_ + ".type must be \"function\".");
    }
    return ToolReader(path_ + ".function").read_members(value["function"]);
  }

 private:
  Result<Tool> read_members(const Value& value) const {
    if (!value.is_object()) return base::configuration_error(path_ + " must be a JSON object.");
    Tool tool;
    bool has_schema = false;
    for (const auto& [key, member] : value.members()) {
      const bool is_schema = key == "parameters" || key == "input_schema";
      if (is_schema && std::exchange(has_schema, true)) {
        return base::configuration_error(path_ + " has both parameters and input_schema.",
                                         "Keep one of them.");
      }
      if (auto read = read_member(key, member, tool); !read) {
        return std::unexpected(std::move(read.error()));
      }
    }
    if (tool.name.empty()) return base::configuration_error(path_ + ".name is missing.");
    if (tool.system && (has_schema || !tool.description.empty() || tool.strict)) {
      return base::configuration_error(path_ + " is a system tool, which has only a name.",
                                       "Remove its other members.");
    }
    return tool;
  }

  Result<void> read_member(std::string_view key, const Value& member, Tool& tool) const {
    if (key == "name") return read_text(key, member, tool.name);
    if (key == "description" && member.is_null()) return {};
    if (key == "description") return read_text(key, member, tool.description);
    if (key == "parameters" || key == "input_schema") {
      if (!member.is_object()) return wrong_kind(key, "a JSON Schema object");
      tool.parameters = Json::from_valid_text(member.to_text());
      return {};
    }
    if (key != "strict" && key != "system") return unknown_member(key);
    const auto word = member.boolean();
    if (!word && !member.is_null()) return wrong_kind(key, "true or false");
    if (key == "strict") tool.strict = word;
    if (key == "system") tool.system = word.value_or(false);
    return {};
  }

  Result<void> read_text(std::string_view key, const Value& member, std::string& out) const {
    if (!member.is_string()) return wrong_kind(key, "a string");
    out = *member.string();
    return {};
  }

  std::unexpected<Error> wrong_kind(std::string_view key, std::string_view expected) const {
    return base::configuration_error(path_ + "." + std::string(key) + " must be " +
                                     std::string(expected) + ".");
  }

  std::unexpected<Error> unknown_member(std::string_view key) const {
    return base::configuration_error(
        path_ + "." + std::string(key) + " is not a known member.",
        "The members are name, description, parameters (or input_schema), strict and system.");
  }

  std::string path_;
};

}  // namespace

Result<std::vector<Tool>> tools_from_json(std::string_view text) {
  json::Parser parser;
  const auto root = parser.parse(text);
  if (!root) return std::unexpected(unparsable("The tools", root.error()));
  if (!root->is_array()) {
    return base::configuration_error("The tools must be a JSON array.",
                                     "Put a single tool into [ ].");
  }

  std::vector<Tool> tools;
  for (const Value& element : root->elements()) {
    auto tool = ToolReader("tools[" + std::to_string(tools.size()) + "]").read(element);
    if (!tool) return std::unexpected(std::move(tool.error()));
    tools.push_back(std::move(*tool));
  }
  return tools;
}

}  // namespace llm
