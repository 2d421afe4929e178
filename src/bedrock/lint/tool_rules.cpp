// The tools that a request offers.
#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "bedrock/lint/rule.hpp"
#include "json/reader.hpp"
#include "json/writer.hpp"

namespace llm::bedrock::linter {
namespace {

constexpr std::size_t kMaxConverseName = 64;  // botocore, ToolName
constexpr std::size_t kMaxClaudeName = 128;   // Anthropic, "Tool use"

std::string tool_place(std::size_t index) { return "tools[" + std::to_string(index) + "]"; }

bool is_name_character(char c) { return is_letter_or_digit(c) || c == '_' || c == '-'; }

bool is_tool_name(std::string_view name, std::size_t longest) {
  return !name.empty() && name.size() <= longest && std::ranges::all_of(name, is_name_character);
}

void check_tool_name(const Subject& subject, Report& report) {
  const std::size_t longest = subject.by_converse ? kMaxConverseName : kMaxClaudeName;
  const auto wanted = [longest] {
    return "has a tool name that is not 1 to " + std::to_string(longest) +
           " letters, digits, \"_\" and \"-\"; give the tool another name";
  };
  const std::vector<Tool>& tools = subject.request.tools;
  for (std::size_t index = 0; index < tools.size(); ++index) {
    if (!is_tool_name(tools[index].name, longest)) report.add(tool_place(index), wanted());
  }
  for_each_of<ToolCallContent>(subject, [&](const ToolCallContent& call, Place place, Role) {
    if (call.type.empty() && !is_tool_name(call.name, longest))
      report.add(to_string(place), wanted());
  });
}

void check_unique_tool_names(const Subject& subject, Report& report) {
  std::set<std::string_view> names;
  const std::vector<Tool>& tools = subject.request.tools;
  for (std::size_t index = 0; index < tools.size(); ++index) {
    if (names.insert(tools[index].name).second) continue;
    report.add(tool_place(index),
               "has the name of a tool before it; give it another, or leave it out");
  }
}

Json with_object_type(const Json& schema) {
  json::Parser parser;
  const auto root = parser.parse(schema.text());
  json::Writer writer;
  writer.begin_object().member("type", "object");
  if (root) {
    for (const auto& [key, value] : root->members()) value.write_to(writer.key(key));
  }
  writer.end_object();
  return Json::from_valid_text(std::move(writer).take());
}

void check_schema_type(const Subject& subject, Report& report) {
  const std::vector<Tool>& tools = subject.request.tools;
  json::Parser parser;
  for (std::size_t index = 0; index < tools.size(); ++index) {
    const auto root = parser.parse(tools[index].parameters.text());
    if (tools[index].system || !root || (*root)["type"].string() == "object") continue;
    Fix fix;
    if (root->is_object() && !(*root)["type"].exists()) {
      fix = [index](RequestEditor& mending) {
        Json& schema = mending.request().tools[index].parameters;
        schema = with_object_type(schema);
      };
    }
    report.add(tool_place(index),
               R"(has a schema whose "type" is not "object"; put the arguments into an object)",
               R"(got "type": "object" in its schema)", std::move(fix));
  }
}

void check_schema_union(const Subject& subject, Report& report) {
  if (!subject.is_claude) return;
  const std::vector<Tool>& tools = subject.request.tools;
  json::Parser parser;
  for (std::size_t index = 0; index < tools.size(); ++index) {
    const auto root = parser.parse(tools[index].parameters.text());
    if (!root) continue;
    for (const std::string_view word : {"oneOf", "allOf", "anyOf"}) {
      if (!(*root)[word].exists()) continue;
      report.add(tool_place(index), "has \"" + std::string(word) +
                                        "\" at the top of its schema, which Claude does not take; "
                                        "put it below a property, or into the description");
    }
  }
}

void check_chosen_tool(const Subject& subject, Report& report) {
  const ChatRequest& request = subject.request;
  if (request.tool_choice.kind != ToolChoice::Kind::one || request.tools.empty()) return;
  const bool is_offered = std::ranges::find(request.tools, request.tool_choice.name, &Tool::name) !=
                          request.tools.end();
  if (!is_offered)
    report.add("tool_choice", "demands a tool that is not among tools; add it there");
}

std::vector<Tool> tools_of_history(const ChatRequest& request) {
  std::vector<Tool> tools;
  for (const Message& message : request.messages) {
    for (const ToolCallContent& call : message.tool_calls()) {
      const bool is_known = std::ranges::find(tools, call.name, &Tool::name) != tools.end();
      if (is_known || !call.type.empty()) continue;
      tools.push_back({.name = call.name,
                       .description = "Was used earlier in this conversation; do not call it.",
                       .parameters = Json::from_valid_text(R"({"type":"object"})")});
    }
  }
  return tools;
}

void check_missing(const Subject& subject, Report& report) {
  const ChatRequest& request = subject.request;
  const bool has_answer_tool = request.response_format && !subject.facts.quirks.native_schema;
  if (!subject.by_converse || !request.tools.empty() || has_answer_tool) return;
  for (const Turn& turn : subject.turns) {
    const auto used = std::ranges::find_if(
        turn.blocks, [](const PlacedBlock& block) { return is_own_tool_block(*block.content); });
    if (used == turn.blocks.end()) continue;
    Fix fix;
    if (!tools_of_history(request).empty()) {
      fix = [](RequestEditor& mending) {
        mending.request().tools = tools_of_history(mending.request());
      };
    }
    report.add(
        "tools",
        "is empty, but " + bedrock::to_string(used->position) +
            " is about a tool; say which tools there are, also when none is to be called",
        "got the tools of the conversation, without their arguments: the answer may call one",
        std::move(fix));
    return;
  }
}

constexpr auto kToolRules = std::to_array<Rule>({
    {{.id = "tools_missing",
      .summary = "A conversation that has used tools is sent with its tools (Converse).",
      .refusal = "The toolConfig field must be defined when using toolUse and toolResult content "
                 "blocks.",
      .source = "langgenius/dify#17545",
      .repair = "offers the tools that the conversation has used, asking not to call them"},
     check_missing},
    {{.id = "tool_name",
      .summary = "A tool's name is 1 to 64 letters, digits, \"_\" and \"-\".",
      .refusal = "Member must satisfy regular expression pattern: [a-zA-Z0-9_-]+",
      .source = "openclaw/openclaw#12892; botocore, ToolName"},
     check_tool_name},
    {{.id = "tool_names_unique",
      .summary = "No two tools have one name.",
      .refusal = "tools: Tool names must be unique.",
      .source = "microsoft/vscode#278073"},
     check_unique_tool_names},
    {{.id = "tool_schema_type",
      .summary = "A tool's schema is of type \"object\".",
      .refusal = "The value at toolConfig.tools.N.toolSpec.inputSchema.json.type must be one of "
                 "the following: object.",
      .source = "aaif-goose/goose#5064",
      .repair = "adds the type where there is none"},
     check_schema_type},
    {{.id = "tool_schema_union",
      .summary = "Claude takes no oneOf, allOf or anyOf at the top of a tool's schema.",
      .refusal = "The model returned the following errors: tools.N.custom.input_schema: "
                 "input_schema does not support oneOf, allOf, or anyOf at the top level",
      .source = "trycua/cua#3303"},
     check_schema_union},
    {{.id = "tool_choice_name",
      .summary = "A tool that must be called is among the tools.",
      .refusal = "Tool 'N' not found in provided tools",
      .source = "Anthropic, \"Tool use\""},
     check_chosen_tool},
});

}  // namespace

std::span<const Rule> tool_rules() { return kToolRules; }

}  // namespace llm::bedrock::linter
