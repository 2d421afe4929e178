#include "bedrock/codec/converse/fields.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "bedrock/codec/claude/thinking.hpp"
#include "bedrock/codec/request_check.hpp"

namespace llm::bedrock {
namespace {

// Converse has no top_k of its own. Where a model's own fields have it, by its row in the catalogue
// (recorded; Bedrock User Guide, "Amazon Nova" and "Anthropic Claude").
struct TopKRow {
  std::string_view provider;
  WireFormat wire_format;
  std::string_view object;  // empty: at the top level
  std::string_view member;
};
constexpr std::array<TopKRow, 2> kTopK{{
    {"Anthropic", WireFormat::claude_messages, "", "top_k"},
    {"Amazon", WireFormat::none, "inferenceConfig", "topK"},
}};

bool is_claude(const ModelId& model) {
  return model.facts != nullptr && model.facts->wire_format == WireFormat::claude_messages;
}

}  // namespace

// Models other than Claude take an effort, which is a member of Converse itself.
Result<void> check_reasoning(const ChatRequest& request, const ModelId& model) {
  if (!request.reasoning) return {};
  if (is_claude(model)) return check_thinking(request, model);
  const Reasoning& reasoning = *request.reasoning;
  const bool cannot = model.facts != nullptr && model.facts->reasoning == Support::no;
  if (!reasoning.enabled) {
    if (cannot) return {};
    return std::unexpected(unsupported(model,
                                       "has no known member to turn reasoning off through Converse",
                                       "Use the model's own members in extra_fields."));
  }
  if (cannot) return std::unexpected(unsupported(model, "does not support reasoning"));
  if (reasoning.budget_tokens) {
    return std::unexpected(unsupported(model, "has no known member for reasoning.budget_tokens",
                                       "Use the model's own members in extra_fields."));
  }
  if (!reasoning.effort.empty()) return {};
  return std::unexpected(
      unsupported(model, "has no known member to turn reasoning on",
                  "Set reasoning.effort, or use the model's own members in extra_fields."));
}

Result<MergedObject> model_fields(const ChatRequest& request, const ModelId& model) {
  auto fields = MergedObject::create(request.extra_fields);
  if (!fields) return fields;
  if (is_claude(model) && has_thinking(request, model) && fields->begin("thinking")) {
    write_thinking(*request.reasoning, fields->writer());
  }
  if (!request.top_k) return fields;
  const auto row = std::ranges::find_if(kTopK, [&](const TopKRow& candidate) {
    return model.facts != nullptr && model.facts->provider == candidate.provider &&
           model.facts->wire_format == candidate.wire_format;
  });
  if (row == kTopK.end()) {
    return std::unexpected(unsupported(model, "has no known member for top_k in Converse",
                                       "Use the model's own members in extra_fields."));
  }
  json::Writer& writer = fields->writer();
  if (row->object.empty()) {
    if (fields->begin(row->member)) writer.integer(*request.top_k);
  } else if (fields->begin(row->object)) {
    writer.begin_object().key(row->member).integer(*request.top_k).end_object();
  }
  return fields;
}

}  // namespace llm::bedrock
