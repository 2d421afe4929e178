#include "local/runtime/converse.hpp"

#include <array>
#include <utility>

#include "aws/protocol/event_stream.hpp"
#include "json/reader.hpp"
#include "local/formats/converse/guardrail.hpp"
#include "local/formats/converse/reply.hpp"
#include "local/formats/converse/request.hpp"
#include "local/formats/converse/response_fields.hpp"
#include "local/formats/fragments.hpp"
#include "local/formats/native_format.hpp"
#include "local/model/models.hpp"
#include "local/runtime/guarded_completion.hpp"
#include "local/runtime/invoke.hpp"

namespace llm::local {
namespace {

std::unexpected<Refusal> too_long() { return invalid("Input is too long for requested model."); }

Checked<const Model*> model_to_converse_with(std::string_view identifier) {
  Checked<const Model*> model = model_to_invoke(identifier);
  if (model && (*model)->embeds()) {
    return invalid(
        "This action doesn't support the model that you provided. Try again with a supported text "
        "or chat model.");
  }
  return model;
}

std::string frame(const ConverseEvent& event) {
  const std::array<std::pair<std::string_view, std::string_view>, 3> headers{
      {{":event-type", event.name},
       {":content-type", "application/json"},
       {":message-type", "event"}}};
  std::string message;
  aws::append_event_message(headers, event.payload, message);
  return message;
}

std::string text_of(const json::Value& value) {
  return value.is_object() ? value.to_text() : std::string();
}

GuardrailCoverage coverage_of(std::string_view text) {
  return {.text_characters = static_cast<std::int64_t>(text.size())};
}

/// The model's native response or stream chunks; empty without a native format.
std::vector<std::string> natives_of(const Completion& completion, const ReplyFacts& facts,
                                    Delivery delivery) {
  const NativeFormat* format = find_native_format(*facts.model, {});
  if (format == nullptr) return {};
  if (delivery == Delivery::streaming) return format->stream_chunks(completion, facts);
  return {format->response_body(completion, facts)};
}

ConverseExtras extras_of(const json::Value& body, const Prompt& prompt,
                         const Completion& completion, const ReplyFacts& facts, Delivery delivery) {
  ConverseExtras extras{.performance = text_of(body["performanceConfig"]),
                        .service_tier = text_of(body["serviceTier"])};
  const json::Value paths = body["additionalModelResponseFieldPaths"];
  if (paths.size() > 0) {
    extras.additional_fields = pick_fields(paths, natives_of(completion, facts, delivery));
  }
  const json::Value guardrail = body["guardrailConfig"];
  const std::string identifier = guardrail["guardrailIdentifier"].text_or_empty();
  if (!identifier.empty() && guardrail["trace"].text_or_empty().starts_with("enabled")) {
    extras.trace =
        guardrail_trace(identifier, coverage_of(prompt.user_text), coverage_of(completion.text()));
  }
  if (!completion.trace.empty()) extras.trace = completion.trace;
  return extras;
}

/// How the request wants its texts guarded.
Checked<GuardOrder> guard_order(const json::Value& body, const FindGuardrail& find_guardrail) {
  const json::Value config = body["guardrailConfig"];
  GuardOrder order{.identifier = config["guardrailIdentifier"].text_or_empty()};
  if (order.identifier.empty()) return order;
  Checked<GuardrailPtr> found =
      find_guardrail(order.identifier, config["guardrailVersion"].text_or_empty());
  if (!found) return std::unexpected(found.error());
  order.guardrail = std::move(*found);
  if (order.guardrail == nullptr) return order;
  const std::string trace = config["trace"].text_or_empty();
  order.prompt = guarded_texts(body);
  if (trace.starts_with("enabled")) order.trace = GuardTrace::converse;
  if (trace == "enabled_full") order.scope = GuardScope::full;
  return order;
}

}  // namespace

Checked<Reply> converse(const Request& request, std::string_view model_id, const ResponsePlan& plan,
                        const FindGuardrail& find_guardrail) {
  if (request.body.size() > kMaxBodyBytes) return too_long();
  const Checked<const Model*> model = model_to_converse_with(model_id);
  if (!model) return std::unexpected(model.error());

  json::Parser parser;
  const Result<json::Value> body = parser.parse(request.body);
  if (!body) return malformed("");
  const Checked<Prompt> prompt = read_converse(*body, **model, plan.delivery);
  if (!prompt) return std::unexpected(prompt.error());
  if (prompt->prompt_tokens > (*model)->context_tokens) return too_long();

  const Checked<GuardOrder> order = guard_order(*body, find_guardrail);
  if (!order) return std::unexpected(order.error());
  Checked<GuardedCompletion> guarded = complete_guarded(*order, *prompt, plan);
  if (!guarded) return std::unexpected(guarded.error());
  Completion& result = guarded->completion;
  // Recorded: also when a part was masked.
  if (guarded->intervened) result.stop_reason = StopReason::guardrail_intervened;
  const ReplyFacts facts = reply_facts(**model, plan.seed, result);
  const ConverseExtras extras = extras_of(*body, *prompt, result, facts, plan.delivery);
  if (plan.delivery == Delivery::buffered) {
    return json_reply(write_converse(result, facts, extras));
  }
  Reply reply{.streamed = true};
  reply.headers = {{"Content-Type", "application/vnd.amazon.eventstream"}};
  for (const ConverseEvent& event : write_converse_events(result, facts, extras)) {
    reply.frames.push_back({frame(event), plan.pace});
  }
  return reply;
}

}  // namespace llm::local
