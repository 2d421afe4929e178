#include "local/runtime/invoke.hpp"

#include <array>
#include <utility>

#include "aws/protocol/event_stream.hpp"
#include "json/reader.hpp"
#include "json/writer.hpp"
#include "local/formats/embeddings/embeddings.hpp"
#include "local/formats/fragments.hpp"
#include "local/formats/native_format.hpp"
#include "local/model/models.hpp"
#include "local/runtime/guarded_completion.hpp"
#include "local/runtime/invoke_headers.hpp"

namespace llm::local {
namespace {

constexpr std::int64_t kEmbeddingMilliseconds = 80;  // About as recorded.

/// One native object as an event of InvokeModelWithResponseStream.
std::string chunk(std::string_view native) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kHeaders{
      {{":event-type", "chunk"},
       {":content-type", "application/json"},
       {":message-type", "event"}}};
  json::Writer payload;
  payload.begin_object().key("bytes").base64(native).member("p", padding(native)).end_object();
  std::string message;
  aws::append_event_message(kHeaders, payload.view(), message);
  return message;
}

Reply stream_reply(const std::vector<std::string>& natives, std::chrono::milliseconds pace) {
  Reply reply{.streamed = true};
  reply.headers = {{"Content-Type", "application/vnd.amazon.eventstream"},
                   {"X-Amzn-Bedrock-Content-Type", "application/json"}};
  for (const std::string& native : natives) reply.frames.push_back({chunk(native), pace});
  return reply;
}

Reply buffered_reply(std::string native, const Completion& completion, const ReplyFacts& facts) {
  Reply reply{.body = std::move(native)};
  reply.headers = {
      {"Content-Type", "application/json"},
      {"X-Amzn-Bedrock-Invocation-Latency", std::to_string(facts.invocation_ms)},
      {"X-Amzn-Bedrock-Output-Token-Count", std::to_string(completion.completion_tokens)},
      {"X-Amzn-Bedrock-Input-Token-Count", std::to_string(completion.prompt_tokens)}};
  if (completion.cache.reported) {
    reply.headers.push_back(
        {"X-Amzn-Bedrock-Cache-Read-Input-Token-Count", std::to_string(completion.cache.read)});
    reply.headers.push_back({"X-Amzn-Bedrock-Cache-Write-Input-Token-Count",
                             std::to_string(completion.cache.all_written())});
  }
  return reply;
}

Reply reply_to(const InvokeOptions& options, Delivery delivery, const NativeFormat& format,
               const GuardedCompletion& guarded, const ReplyFacts& facts,
               std::chrono::milliseconds pace) {
  const Completion& completion = guarded.completion;
  std::vector<std::string> natives;
  if (delivery == Delivery::streaming) {
    natives = format.stream_chunks(completion, facts);
  } else {
    natives.push_back(format.response_body(completion, facts));
  }
  const bool intervened =
      guarded.intervened || completion.stop_reason == StopReason::guardrail_intervened;
  if (!options.guardrail.empty() || intervened) {
    for (std::string& native : natives) {
      native = with_guardrail_action(std::move(native), intervened ? "INTERVENED" : "NONE");
    }
  }
  if (!completion.trace.empty()) {
    natives.back() = with_trace(std::move(natives.back()), completion.trace);
  }
  Reply reply = delivery == Delivery::streaming
                    ? stream_reply(natives, pace)
                    : buffered_reply(std::move(natives.front()), completion, facts);
  reply.headers.insert(reply.headers.end(), options.echoed.begin(), options.echoed.end());
  return reply;
}

/// How the request wants its texts guarded: the last text of the user and the results of tools.
Checked<GuardOrder> invoke_guard_order(const InvokeOptions& options, const Prompt& prompt,
                                       const FindGuardrail& find_guardrail) {
  GuardOrder order{.identifier = options.guardrail};
  if (order.identifier.empty()) return order;
  Checked<GuardrailPtr> found = find_guardrail(options.guardrail, options.guardrail_version);
  if (!found) return std::unexpected(found.error());
  order.guardrail = std::move(*found);
  order.prompt.push_back(prompt.user_text);
  for (const ToolResult& result : prompt.tool_results) order.prompt.push_back(result.text);
  if (options.trace.starts_with("ENABLED")) order.trace = GuardTrace::invoke;
  if (options.trace == "ENABLED_FULL") order.scope = GuardScope::full;
  return order;
}

/// Recorded: replies of embedding models have no output-token header.
Checked<Reply> embedding_reply(Checked<Embedding> embedding) {
  if (!embedding) return std::unexpected(embedding.error());
  Reply reply{.body = std::move(embedding->body)};
  reply.headers = {{"Content-Type", "application/json"},
                   {"X-Amzn-Bedrock-Invocation-Latency", std::to_string(kEmbeddingMilliseconds)},
                   {"X-Amzn-Bedrock-Input-Token-Count", std::to_string(embedding->prompt_tokens)}};
  return reply;
}

}  // namespace

Checked<Reply> invoke_model(const Request& request, std::string_view model_id,
                            const ResponsePlan& plan, const FindGuardrail& find_guardrail) {
  if (request.body.size() > kMaxBodyBytes) {
    return invalid(
        "1 validation error detected: Value at 'body' failed to satisfy constraint: Member must "
        "have length less than or equal to 25000000");
  }
  const Checked<const Model*> model = model_to_invoke(model_id);
  if (!model) return std::unexpected(model.error());
  if ((*model)->wire_format == WireFormat::converse_only &&
      find_native_format(**model, {}) == nullptr) {
    return invalid("The local Bedrock offers " + std::string((*model)->id) +
                   " through Converse and ConverseStream only.");
  }
  if ((*model)->embeds() && plan.delivery == Delivery::streaming) {
    return invalid("The model is unsupported for streaming.");
  }

  json::Parser parser;
  const Result<json::Value> body = parser.parse(request.body);
  if (!body) return malformed("");
  if ((*model)->embeds()) return embedding_reply(embed(*body, **model, plan.seed));
  const Checked<InvokeOptions> options = read_invoke_headers(request, *body);
  if (!options) return std::unexpected(options.error());
  const NativeFormat* format = find_native_format(**model, *body);
  if (format == nullptr) return malformed("");
  const Checked<Prompt> prompt = format->read(*body, **model);
  if (!prompt) return std::unexpected(prompt.error());
  if (prompt->prompt_tokens > (*model)->context_tokens) {
    return invalid("Input is too long for requested model.");
  }

  const Checked<GuardOrder> order = invoke_guard_order(*options, *prompt, find_guardrail);
  if (!order) return std::unexpected(order.error());
  const Checked<GuardedCompletion> result = complete_guarded(*order, *prompt, plan);
  if (!result) return std::unexpected(result.error());
  const ReplyFacts facts = reply_facts(**model, plan.seed, result->completion);
  return reply_to(*options, plan.delivery, *format, *result, facts, plan.pace);
}

}  // namespace llm::local
