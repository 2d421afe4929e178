#include "local/runtime/guarded_completion.hpp"

#include <utility>

#include "json/writer.hpp"

namespace llm::local {
namespace {

using json::Value;

GuardrailCoverage coverage_by(const GuardAssessment& assessment) {
  return {.text_characters = assessment.characters};
}

void write_part(const Guardrail& guardrail, const GuardAssessment& assessment,
                json::Writer& writer) {
  write_assessment(guardrail, assessment, coverage_by(assessment), writer);
}

std::string reason_of(const GuardAssessment& input, const GuardAssessment* output) {
  std::string reason(input.reason());
  if (output != nullptr && output->intervened()) {
    reason.append("\n").append(output->reason());
  }
  return reason;
}

/// The texts that the model wrote.
void write_model_output(const std::vector<std::string>& texts, json::Writer& writer) {
  writer.key("modelOutput").begin_array();
  for (const std::string& text : texts) writer.string(text);
  writer.end_array();
}

/// Source: recorded replies of Converse. `output` is null if the prompt was blocked.
std::string converse_trace(const GuardOrder& order, const GuardAssessment& input,
                           const GuardAssessment* output, const std::vector<std::string>& texts) {
  json::Writer writer;
  writer.begin_object().key("guardrail").begin_object();
  writer.member("actionReason", reason_of(input, output));
  writer.key("inputAssessment").begin_object().key(order.identifier);
  write_part(*order.guardrail, input, writer);
  writer.end_object();
  write_model_output(texts, writer);
  if (output != nullptr) {
    writer.key("outputAssessments").begin_object().key(order.identifier).begin_array();
    write_part(*order.guardrail, *output, writer);
    writer.end_array().end_object();
  }
  writer.end_object().end_object();
  return std::move(writer).take();
}

/// Source: a recorded reply of InvokeModel.
std::string invoke_trace(const GuardOrder& order, const GuardAssessment& input,
                         const GuardAssessment* output, const std::vector<std::string>& texts) {
  json::Writer writer;
  writer.begin_object().key("guardrail").begin_object();
  write_model_output(texts, writer);
  writer.key("input").begin_object().key(order.identifier);
  write_part(*order.guardrail, input, writer);
  writer.end_object().key("outputs").begin_array();
  if (output != nullptr) {
    writer.begin_object().key(order.identifier);
    write_part(*order.guardrail, *output, writer);
    writer.end_object();
  }
  writer.end_array().end_object().end_object();
  return std::move(writer).take();
}

std::string trace_of(const GuardOrder& order, const GuardAssessment& input,
                     const GuardAssessment* output, const std::vector<std::string>& texts) {
  if (order.trace == GuardTrace::none) return {};
  return order.trace == GuardTrace::converse ? converse_trace(order, input, output, texts)
                                             : invoke_trace(order, input, output, texts);
}

void block(const std::string& message, Completion& completion) {
  completion.reasoning.clear();
  completion.stop_sequence.clear();
  completion.blocks = {TextBlock{.text = message}};
  completion.stop_reason = StopReason::guardrail_intervened;
}

std::vector<std::string> texts_of(const Completion& completion) {
  std::vector<std::string> texts;
  for (const Block& each : completion.blocks) {
    if (const auto* text = std::get_if<TextBlock>(&each)) texts.push_back(text->text);
  }
  return texts;
}

void put_texts(const std::vector<std::string>& texts, Completion& completion) {
  std::size_t next = 0;
  for (Block& each : completion.blocks) {
    if (auto* text = std::get_if<TextBlock>(&each)) text->text = texts[next++];
  }
}

/// Masks what the completion of the local Bedrock quotes.
Checked<void> mask_prompt(const GuardOrder& order, Prompt& prompt) {
  std::vector<std::string> texts{prompt.user_text};
  for (const ToolResult& result : prompt.tool_results) texts.push_back(result.text);
  auto masked = assess(*order.guardrail->policies, GuardSource::input, texts, order.scope);
  if (!masked) return std::unexpected(masked.error());
  prompt.user_text = std::move(masked->texts.front());
  for (std::size_t i = 0; i < prompt.tool_results.size(); ++i) {
    prompt.tool_results[i].text = std::move(masked->texts[i + 1]);
  }
  return {};
}

void add_texts(const Value& content, std::vector<std::string>& all) {
  for (const Value block : content.elements()) {
    if (const auto text = block["text"].string()) all.emplace_back(*text);
    for (const Value result : block["toolResult"]["content"].elements()) {
      if (const auto text = result["text"].string()) all.emplace_back(*text);
    }
  }
}

}  // namespace

Checked<GuardedCompletion> complete_guarded(const GuardOrder& order, Prompt prompt,
                                            const ResponsePlan& plan) {
  if (order.guardrail == nullptr) return GuardedCompletion{.completion = plan.complete(prompt)};
  const GuardrailPolicies& policies = *order.guardrail->policies;
  const auto input = assess(policies, GuardSource::input, order.prompt, order.scope);
  if (!input) return std::unexpected(input.error());
  GuardedCompletion result{.intervened = input->intervened(), .blocked = input->blocked};
  Completion& completion = result.completion;
  if (input->blocked) {
    block(policies.blocked_input, completion);
    completion.trace = trace_of(order, *input, nullptr, {});
    return result;
  }
  if (input->masked) {
    if (auto masked = mask_prompt(order, prompt); !masked) return std::unexpected(masked.error());
  }

  completion = plan.complete(prompt);
  const std::vector<std::string> texts = texts_of(completion);
  const auto output = assess(policies, GuardSource::output, texts, order.scope);
  if (!output) return std::unexpected(output.error());
  result.intervened = result.intervened || output->intervened();
  result.blocked = output->blocked;
  if (output->blocked) block(policies.blocked_output, completion);
  if (output->masked && !output->blocked) put_texts(output->texts, completion);
  if (completion.trace.empty()) {
    completion.trace = trace_of(order, *input, &*output,
                                output->intervened() ? texts : std::vector<std::string>{});
  }
  return result;
}

std::vector<std::string> guarded_texts(const Value& body) {
  std::vector<std::string> guarded;
  std::vector<std::string> all;
  const auto add_guarded = [&guarded](const Value& content) {
    for (const Value block : content.elements()) {
      const auto text = block["guardContent"]["text"]["text"].string();
      if (text) guarded.emplace_back(*text);
    }
  };
  add_guarded(body["system"]);
  for (const Value message : body["messages"].elements()) {
    add_guarded(message["content"]);
    add_texts(message["content"], all);
  }
  return guarded.empty() ? all : guarded;
}

}  // namespace llm::local
