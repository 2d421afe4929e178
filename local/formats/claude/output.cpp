#include "local/formats/claude/output.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "local/formats/claude/schema.hpp"
#include "local/model/sample_json.hpp"

namespace llm::local {
namespace {

using json::Value;

Checked<void> read_format(const Value& format, const std::string& at, const Model& model,
                          Prompt& prompt) {
  if (!format.exists()) return {};
  if (!format.is_object()) return invalid(at + ": Input should be an object");
  if (format["type"].string() != "json_schema") {
    return invalid(at + ".type: Input should be 'json_schema'");
  }
  const Value schema = format["schema"];
  if (!schema.exists()) return invalid(at + ".schema: Field required");
  if (!schema.is_object()) return invalid(at + ".schema: Input should be an object");
  if (auto checked = check_enforced_schema(schema, at + ".schema", model); !checked) {
    return checked;
  }
  prompt.structured_output = sample_value(schema);
  return {};
}

}  // namespace

Checked<void> check_effort(const Value& effort, const Model& model) {
  if (!effort.exists()) return {};
  if (model.efforts.empty()) {
    return invalid("This model does not support the effort parameter.");
  }
  const std::vector<std::string_view> known = base::split(model.efforts, ' ');
  if (std::ranges::count(known, std::string_view(effort.text_or_empty())) > 0) return {};
  std::string list;
  for (const std::string_view each : known) {
    const std::string_view separator = each == known.back() ? " or " : ", ";
    list += (list.empty() ? "" : std::string(separator)) + "'" + std::string(each) + "'";
  }
  return invalid("output_config.effort: Input should be " + list);
}

Checked<void> read_claude_output(const Value& body, const Model& model, Prompt& prompt) {
  const Value config = body["output_config"];
  auto checked = check_effort(config["effort"], model);
  if (checked) checked = read_format(config["format"], "output_config.format", model, prompt);
  if (checked) checked = read_format(body["output_format"], "output_format", model, prompt);
  return checked;
}

}  // namespace llm::local
