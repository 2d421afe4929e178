#include "local/runtime/mantle.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "json/reader.hpp"
#include "json/writer.hpp"
#include "local/formats/chat_completions.hpp"
#include "local/formats/fragments.hpp"
#include "local/formats/native_format.hpp"
#include "local/model/mantle.hpp"
#include "local/runtime/invoke.hpp"

namespace llm::local {
namespace {

using json::Value;

constexpr std::int64_t kModelCreated = 1'767'225'600;  // 2026-01-01

/// Members that the two APIs have besides those of InvokeModel, and that change nothing here.
constexpr std::array<std::string_view, 3> kMessagesMembers = {"model", "stream", "service_tier"};
constexpr std::array<std::string_view, 4> kChatMembers = {"model", "stream", "stream_options",
                                                          "service_tier"};
/// Members of InvokeModel that are headers here. Source: litellm 1.110.2.
constexpr std::array<std::string_view, 2> kHeaderMembers = {"anthropic_version", "anthropic_beta"};

Checked<MantleModel> model_on_mantle(const std::string& id, MantleApi api) {
  if (id.empty()) return invalid("model: Field required");
  std::optional<MantleModel> found = find_mantle_model(id);
  if (!found) {
    return std::unexpected(Refusal{.status = 404,
                                   .name = "ResourceNotFoundException",
                                   .message = "The model '" + id + "' does not exist"});
  }
  if (found->api != api) return invalid("model `" + id + "` isn't supported on this route");
  return std::move(*found);
}

Checked<Delivery> delivery_of(const Value& body) {
  const Value stream = body["stream"];
  if (!stream.exists() || stream.is_null()) return Delivery::buffered;
  const std::optional<bool> is_streamed = stream.boolean();
  if (!is_streamed) return invalid("stream: Input should be a valid boolean");
  return *is_streamed ? Delivery::streaming : Delivery::buffered;
}

/// The body as InvokeModel takes it: without some members, and for Claude (`betas` is not empty)
/// with those that are headers here.
std::string native_body(const Value& body, std::span<const std::string_view> left_out,
                        std::string_view betas = {}) {
  json::Writer writer;
  writer.begin_object();
  for (const auto [key, value] : body.members()) {
    if (std::ranges::find(left_out, key) == left_out.end()) value.write_to(writer.key(key));
  }
  if (!betas.empty()) {
    writer.member("anthropic_version", "bedrock-2023-05-31").key("anthropic_beta").begin_array();
    for (const std::string_view beta : base::split(betas, ',')) {
      if (!base::trim(beta).empty()) writer.string(base::trim(beta));
    }
    writer.end_array();
  }
  writer.end_object();
  return std::move(writer).take();
}

/// The completion, and the facts of a reply that calls the model by its id here.
struct MantleAnswer {
  Model model{};
  Completion completion{};
  ReplyFacts facts{};
};

Checked<void> complete(const NativeFormat& format, const MantleModel& found,
                       const std::string& native, const ResponsePlan& plan, MantleAnswer& answer) {
  json::Parser parser;
  const Result<Value> root = parser.parse(native);
  if (!root) return malformed("");
  answer.model = *found.model;
  answer.model.id = found.id;
  const Checked<Prompt> prompt = format.read(*root, answer.model);
  if (!prompt) return std::unexpected(prompt.error());
  if (prompt->prompt_tokens > answer.model.context_tokens) {
    return invalid("prompt is too long: " + std::to_string(prompt->prompt_tokens) + " tokens > " +
                   std::to_string(answer.model.context_tokens) + " maximum");
  }
  answer.completion = plan.complete(*prompt);
  answer.facts = reply_facts(answer.model, plan.seed, answer.completion);
  return {};
}

/// Source: the refusal by Converse, which quotes the model.
Checked<void> check_chat_sampling(const Value& body, const Model& model) {
  if (model.sampling != Sampling::none) return {};
  for (const std::string_view name : {"temperature", "top_p"}) {
    if (!body[name].exists()) continue;
    return invalid("Unsupported parameter: '" + std::string(name) +
                   "' is not supported with this model.");
  }
  return {};
}

/// A server-sent event; an empty type: none.
Frame sse(std::string_view type, std::string_view data, std::chrono::milliseconds pace) {
  std::string bytes;
  if (!type.empty()) bytes.append("event: ").append(type).append("\n");
  bytes.append("data: ").append(data).append("\n\n");
  return {.bytes = std::move(bytes), .delay = pace};
}

Reply sse_reply() {
  Reply reply{.streamed = true};
  reply.headers = {{"Content-Type", "text/event-stream; charset=utf-8"},
                   {"Cache-Control", "no-cache"}};
  return reply;
}

/// The type of one of Claude's events.
std::string event_type_of(const std::string& event) {
  json::Parser parser;
  const Result<Value> root = parser.parse(event);
  return root ? (*root)["type"].text_or_empty() : std::string();
}

/// InvokeModel's metrics in the last event are its own. A ping follows the first start of a block.
/// Source: Anthropic's API reference, "Streaming messages".
Reply stream_messages(const MantleAnswer& answer, std::chrono::milliseconds pace) {
  Reply reply = sse_reply();
  bool has_pinged = false;
  for (std::string& event :
       claude_messages_format().stream_chunks(answer.completion, answer.facts)) {
    const std::string type = event_type_of(event);
    if (type == "message_stop") event = R"({"type":"message_stop"})";
    reply.frames.push_back(sse(type, event, pace));
    if (type != "content_block_start" || std::exchange(has_pinged, true)) continue;
    reply.frames.push_back(sse("ping", R"({"type": "ping"})", pace));
  }
  return reply;
}

Reply stream_chat(const MantleAnswer& answer, StreamUsage usage, std::chrono::milliseconds pace) {
  Reply reply = sse_reply();
  for (const std::string& chunk :
       write_chat_completion_chunks(answer.completion, answer.facts, usage)) {
    reply.frames.push_back(sse({}, chunk, pace));
  }
  reply.frames.push_back(sse({}, "[DONE]", pace));
  return reply;
}

Checked<void> check_body(const Request& request, const Result<Value>& body) {
  if (request.body.size() > kMaxBodyBytes) {
    return std::unexpected(Refusal{.status = 413,
                                   .name = "RequestEntityTooLargeException",
                                   .message = "The body of the request is too large."});
  }
  if (!body || !body->is_object()) return invalid("The body of the request is not a JSON object.");
  return {};
}

}  // namespace

std::string mantle_model_id(const Request& request) {
  json::Parser parser;
  const Result<Value> body = parser.parse(request.body);
  return body ? (*body)["model"].text_or_empty() : std::string();
}

Checked<Reply> mantle_messages(const Request& request, const std::string& model_id,
                               ResponsePlan plan) {
  json::Parser parser;
  const Result<Value> body = parser.parse(request.body);
  if (auto checked = check_body(request, body); !checked) return std::unexpected(checked.error());
  if (request.header("anthropic-version").empty()) {
    return invalid("anthropic-version: header is required");
  }
  for (const std::string_view name : kHeaderMembers) {
    if ((*body)[name].exists()) {
      return invalid(std::string(name) + ": Extra inputs are not permitted");
    }
  }
  const Checked<MantleModel> model = model_on_mantle(model_id, MantleApi::messages);
  if (!model) return std::unexpected(model.error());
  const Checked<Delivery> delivery = delivery_of(*body);
  if (!delivery) return std::unexpected(delivery.error());
  // A comma is a list without flags.
  const std::string_view betas = request.header("anthropic-beta");
  MantleAnswer answer;
  auto completed =
      complete(claude_messages_format(), *model,
               native_body(*body, kMessagesMembers, betas.empty() ? "," : betas), plan, answer);
  if (!completed) return std::unexpected(completed.error());
  if (*delivery == Delivery::streaming) return stream_messages(answer, plan.pace);
  return json_reply(claude_messages_format().response_body(answer.completion, answer.facts));
}

Checked<Reply> mantle_chat_completions(const Request& request, const std::string& model_id,
                                       ResponsePlan plan) {
  json::Parser parser;
  const Result<Value> body = parser.parse(request.body);
  if (auto checked = check_body(request, body); !checked) return std::unexpected(checked.error());
  const Checked<MantleModel> model = model_on_mantle(model_id, MantleApi::chat_completions);
  if (!model) return std::unexpected(model.error());
  if (is_under_openai(model->id) && !request.target.starts_with("/openai/")) {
    return invalid("model `" + model->id + "` isn't supported on this route");
  }
  if (auto checked = check_chat_sampling(*body, *model->model); !checked) {
    return std::unexpected(checked.error());
  }
  const Checked<Delivery> delivery = delivery_of(*body);
  if (!delivery) return std::unexpected(delivery.error());
  MantleAnswer answer;
  auto completed =
      complete(chat_completions_format(), *model, native_body(*body, kChatMembers), plan, answer);
  if (!completed) return std::unexpected(completed.error());
  if (*delivery == Delivery::buffered) {
    return json_reply(write_chat_completion(answer.completion, answer.facts));
  }
  const bool has_usage = (*body)["stream_options"]["include_usage"].boolean().value_or(false);
  return stream_chat(answer, has_usage ? StreamUsage::included : StreamUsage::left_out, plan.pace);
}

Reply list_mantle_models() {
  json::Writer writer;
  writer.begin_object().key("data").begin_array();
  for (const MantleModel& each : mantle_models()) {
    writer.begin_object().key("created").integer(kModelCreated).member("id", each.id);
    writer.member("object", "model").member("owned_by", each.model->provider()).end_object();
  }
  writer.end_array().member("object", "list").end_object();
  return json_reply(std::move(writer).take());
}

}  // namespace llm::local
