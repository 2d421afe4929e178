// The tools of a request.
#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "base/text.hpp"
#include "bedrock/codec/structured_output.hpp"
#include "bedrock/lint/rule.hpp"
#include "json/reader.hpp"
#include "json/writer.hpp"

namespace llm::bedrock::linter {
namespace {

constexpr std::size_t kMaxConverseName = 64;  // botocore, ToolName
constexpr std::size_t kMaxClaudeName = 128;   // Anthropic, "Tool use"

std::string tool_position(std::size_t index) { return "tools[" + std::to_string(index) + "]"; }

bool is_name_character(char c) { return base::is_letter_or_digit(c) || c == '_' || c == '-'; }

bool is_tool_name(std::string_view name, std::size_t longest) {
  return !name.empty() && name.size() <= longest && std::ranges::all_of(name, is_name_character);
}

void check_tool_name(const RequestView& view, Report& report) {
  const std::size_t longest = view.by_converse ? kMaxConverseName : kMaxClaudeName;
  const auto refuse = [&](std::string position) {
    report.add(std::move(position),
               "The tool name is not 1 to " + std::to_string(longest) +
                   " letters, digits, \"_\" and \"-\".",
               "Rename the tool.");
  };
  const std::vector<Tool>& tools = view.request.tools;
  for (std::size_t index = 0; index < tools.size(); ++index) {
    if (!is_tool_name(tools[index].name, longest)) refuse(tool_position(index));
  }
  for_each_of<ToolCallContent>(view, [&](const ToolCallContent& call, Place place, Role) {
    if (call.type.empty() && !is_tool_name(call.name, longest)) refuse(to_string(place));
  });
}

void check_unique_tool_names(const RequestView& view, Report& report) {
  std::set<std::string_view> names;
  const std::vector<Tool>& tools = view.request.tools;
  for (std::size_t index = 0; index < tools.size(); ++index) {
    if (names.insert(tools[index].name).second) continue;
    report.add(tool_position(index), "The tool has the same name as an earlier one.",
               "Rename or remove it.");
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

void check_schema_type(const RequestView& view, Report& report) {
  const std::vector<Tool>& tools = view.request.tools;
  json::Parser parser;
  for (std::size_t index = 0; index < tools.size(); ++index) {
    const auto root = parser.parse(tools[index].parameters.text());
    if (tools[index].system || !root || (*root)["type"].string() == "object") continue;
    Fix fix;
    if (root->is_object() && !(*root)["type"].exists()) {
      fix = [index](RequestEditor& editor) {
        Json& schema = editor.request().tools[index].parameters;
        schema = with_object_type(schema);
      };
    }
    report.add(tool_position(index), R"(The "type" of the tool's schema is not "object".)",
               "Put the arguments into an object.",
               {R"(The "type" of the tool's schema was set to "object".)", std::move(fix)});
  }
}

void check_schema_union(const RequestView& view, Report& report) {
  if (!view.is_claude) return;
  const std::vector<Tool>& tools = view.request.tools;
  json::Parser parser;
  for (std::size_t index = 0; index < tools.size(); ++index) {
    const auto root = parser.parse(tools[index].parameters.text());
    if (!root) continue;
    for (const std::string_view keyword : {"oneOf", "allOf", "anyOf"}) {
      if (!(*root)[keyword].exists()) continue;
      report.add(tool_position(index),
                 "The tool's schema has \"" + std::string(keyword) +
                     "\" at the top level, which Claude does not accept.",
                 "Move it below a property, or into the description.");
    }
  }
}

void check_chosen_tool(const RequestView& view, Report& report) {
  const ChatRequest& request = view.request;
  if (request.tool_choice.kind != ToolChoice::Kind::one || request.tools.empty()) return;
  const bool is_offered = std::ranges::find(request.tools, request.tool_choice.name, &Tool::name) !=
                          request.tools.end();
  if (!is_offered)
    report.add("tool_choice", "The tool_choice names a tool that is not in tools.",
               "Add the tool to tools.");
}

/// Whether the model takes a kind of tool choice. Converse has no `none`: the encoder handles it.
Support takes_choice(const RequestView& view) {
  const Takes& takes = view.facts.takes;
  switch (view.request.tool_choice.kind) {
    case ToolChoice::Kind::any:
      return takes.choice_any;
    case ToolChoice::Kind::one:
      return takes.choice_tool;
    case ToolChoice::Kind::automatic:
      return takes.choice_auto;
    case ToolChoice::Kind::none:
      return view.by_converse ? Support::unknown : takes.choice_none;
    case ToolChoice::Kind::unspecified:
      break;
  }
  return Support::unknown;
}

void check_choice_kind(const RequestView& view, Report& report) {
  if (view.request.tools.empty() || takes_choice(view) != Support::no) return;
  const bool is_none = view.request.tool_choice.kind == ToolChoice::Kind::none;
  Fix fix;
  if (!is_none) {
    fix = [](RequestEditor& editor) {
      ToolChoice& choice = editor.request().tool_choice;
      choice.kind = ToolChoice::Kind::unspecified;
      choice.name.clear();
    };
  }
  report.add("tool_choice", "This model does not take that kind of tool_choice.",
             is_none ? "Leave out tools, or tell the model in the prompt not to call them."
                     : "Leave tool_choice to the model, and ask for the tool in the prompt.",
             {"The tool_choice was left to the model, which does not take that kind of it.",
              std::move(fix)});
}

void check_strict(const RequestView& view, Report& report) {
  const Takes& takes = view.facts.takes;
  if (by_api(view, takes.strict_converse, takes.strict_invoke) != Support::no) return;
  const std::vector<Tool>& tools = view.request.tools;
  for (std::size_t index = 0; index < tools.size(); ++index) {
    if (!tools[index].strict) continue;
    report.add(tool_position(index), "This model does not take strict tools.",
               "Leave strict out, and validate the arguments.",
               {"The member strict was left out because this model does not take strict tools.",
                [index](RequestEditor& editor) { editor.request().tools[index].strict.reset(); }});
  }
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

void check_missing(const RequestView& view, Report& report) {
  const ChatRequest& request = view.request;
  const bool has_output_tool =
      request.response_format && enforces_schema(view.facts, ChatApi::converse) != Support::yes;
  if (!view.by_converse || !request.tools.empty() || has_output_tool) return;
  for (const Turn& turn : view.turns) {
    const auto used = std::ranges::find_if(
        turn.blocks, [](const PlacedBlock& block) { return is_own_tool_block(*block.content); });
    if (used == turn.blocks.end()) continue;
    Fix fix;
    if (!tools_of_history(request).empty()) {
      fix = [](RequestEditor& editor) {
        editor.request().tools = tools_of_history(editor.request());
      };
    }
    report.add("tools",
               "The request has no tools, but " + bedrock::to_string(used->position) +
                   " is a tool call or result.",
               "List the tools that the conversation has used, even if none may be called.",
               {"The tools of the conversation were added without their arguments. The model may "
                "call one.",
                std::move(fix)});
    return;
  }
}

constexpr auto kToolRules = std::to_array<Rule>({
    {{.id = "tools_missing",
      .summary = "A conversation that has used tools is sent with its tools (Converse).",
      .refusal = "The toolConfig field must be defined when using toolUse and toolResult content "
                 "blocks.",
      .source = "langgenius/dify#17545",
      .repair = "adds the tools that the conversation has used, described as not to be called"},
     check_missing},
    {{.id = "tool_name",
      .summary = "A tool's name is 1 to 64 letters, digits, \"_\" and \"-\".",
      .refusal = "Member must satisfy regular expression pattern: [a-zA-Z0-9_-]+",
      .source = "openclaw/openclaw#12892; botocore, ToolName"},
     check_tool_name},
    {{.id = "tool_names_unique",
      .summary = "Tool names are unique.",
      .refusal = "tools: Tool names must be unique.",
      .source = "microsoft/vscode#278073"},
     check_unique_tool_names},
    {{.id = "tool_schema_type",
      .summary = "A tool's schema is of type \"object\".",
      .refusal = "The value at toolConfig.tools.N.toolSpec.inputSchema.json.type must be one of "
                 "the following: object.",
      .source = "aaif-goose/goose#5064",
      .repair = "adds the type if it is missing"},
     check_schema_type},
    {{.id = "tool_schema_union",
      .summary = "A tool's schema for Claude has no oneOf, allOf or anyOf at the top level.",
      .refusal = "The model returned the following errors: tools.N.custom.input_schema: "
                 "input_schema does not support oneOf, allOf, or anyOf at the top level",
      .source = "trycua/cua#3303"},
     check_schema_union},
    {{.id = "tool_choice_kind",
      .summary = "The kind of tool_choice is one that the model takes.",
      .refusal = "tool_choice: type \"tool\" and \"any\" are not supported for this model.",
      .source = "ax-llm/ax#667; vercel/ai#21364; strands-agents/harness-sdk#1241",
      .repair = "leaves the choice to the model"},
     check_choice_kind},
    {{.id = "strict_tools",
      .summary = "Strict tools go to models that take them.",
      .refusal = "tools.N.custom.strict: Extra inputs are not permitted",
      .source = "lobehub/lobehub#19876",
      .repair = "removes strict"},
     check_strict},
    {{.id = "tool_choice_name",
      .summary = "The tool that tool_choice names is in tools.",
      .refusal = "Tool 'N' not found in provided tools",
      .source = "Anthropic, \"Tool use\""},
     check_chosen_tool},
});

}  // namespace

std::span<const Rule> tool_rules() { return kToolRules; }

}  // namespace llm::bedrock::linter
