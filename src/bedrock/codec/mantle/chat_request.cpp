// Chat Completions: the request.
#include <algorithm>
#include <string>
#include <utility>

#include "base/errors.hpp"
#include "bedrock/codec/mantle/chat.hpp"
#include "bedrock/codec/mantle/request.hpp"
#include "bedrock/codec/request_check.hpp"
#include "bedrock/codec/structured_output.hpp"

namespace llm::bedrock {
namespace {

constexpr std::string_view kDefaultFormatName = "answer";

void write_function(const Tool& tool, json::Writer& writer) {
  writer.begin_object().member("type", "function").key("function").begin_object();
  writer.member("name", tool.name);
  if (!tool.description.empty()) writer.member("description", tool.description);
  writer.key("parameters").raw(tool.parameters);
  if (tool.strict) writer.key("strict").boolean(*tool.strict);
  writer.end_object().end_object();
}

void add_chat_tools(const ChatRequest& request, InvokeBody& body) {
  if (request.tools.empty()) return;
  if (body.begin("tools")) {
    body.writer().begin_array();
    for (const Tool& tool : request.tools) write_function(tool, body.writer());
    body.writer().end_array();
  }
  if (request.tool_choice.parallel_calls && body.begin("parallel_tool_calls")) {
    body.writer().boolean(*request.tool_choice.parallel_calls);
  }
}

void add_chat_tool_choice(const ChatRequest& request, InvokeBody& body) {
  using Kind = ToolChoice::Kind;
  const ToolChoice& choice = request.tool_choice;
  if (request.tools.empty() || choice.kind == Kind::unspecified) return;
  if (!body.begin("tool_choice")) return;
  json::Writer& writer = body.writer();
  if (choice.kind == Kind::one) {
    writer.begin_object().member("type", "function").key("function").begin_object();
    writer.member("name", choice.name).end_object().end_object();
    return;
  }
  writer.string(choice.kind == Kind::any    ? "required"
                : choice.kind == Kind::none ? "none"
                                            : "auto");
}

void add_response_format(const ChatRequest& request, InvokeBody& body) {
  if (!request.response_format || !body.begin("response_format")) return;
  const ResponseFormat& format = *request.response_format;
  json::Writer& writer = body.writer();
  writer.begin_object().member("type", "json_schema").key("json_schema").begin_object();
  writer.member("name", format.name.empty() ? kDefaultFormatName : format.name);
  if (!format.description.empty()) writer.member("description", format.description);
  writer.key("schema").raw(format.schema).key("strict").boolean(true);
  writer.end_object().end_object();
}

void add_reasoning_effort(const ChatRequest& request, InvokeBody& body) {
  if (!request.reasoning) return;
  const bool is_off = !request.reasoning->enabled;
  if (!is_off && request.reasoning->effort.empty()) return;
  if (!body.begin("reasoning_effort")) return;
  body.writer().string(is_off ? std::string_view("none") : request.reasoning->effort);
}

/// Counts come in a stream only if they are asked for (maximhq/bifrost#7065).
void add_stream_options(Delivery delivery, InvokeBody& body) {
  if (delivery == Delivery::buffered || !body.begin("stream_options")) return;
  body.writer().begin_object().key("include_usage").boolean(true).end_object();
}

void add_metadata(const ChatRequest& request, InvokeBody& body) {
  if (request.metadata.empty() || !body.begin("metadata")) return;
  body.writer().begin_object();
  for (const auto& [key, value] : request.metadata) body.writer().member(key, value);
  body.writer().end_object();
}

Result<void> check_chat_reasoning(const ChatRequest& request, const ModelId& model) {
  if (!request.reasoning) return {};
  const bool is_on = request.reasoning->enabled;
  if (is_on && request.reasoning->budget_tokens) {
    return std::unexpected(
        unsupported(model, "is called through Chat Completions, which has no reasoning budget",
                    "Set an effort."));
  }
  if (is_on && model.facts != nullptr && model.facts->reasoning == Support::no) {
    return std::unexpected(unsupported(model, "does not support reasoning"));
  }
  if (!is_on && model.facts != nullptr && model.facts->takes.thinking_off == Support::no) {
    return std::unexpected(unsupported(model, "always reasons", "Leave out reasoning."));
  }
  return {};
}

Result<void> check_chat(const ChatRequest& request, const ModelId& model, Delivery delivery) {
  if (auto checked = check_mantle(request, model, delivery); !checked) return checked;
  if (auto checked = check_tools(request, model); !checked) return checked;
  if (std::ranges::any_of(request.tools, &Tool::system)) {
    return std::unexpected(unsupported(
        model, "does not support the service's own tools in Chat Completions", "Use Converse."));
  }
  if (request.top_k) {
    return std::unexpected(
        unsupported(model, "is called through Chat Completions, which has no top_k",
                    "Leave it out. If the model takes it, set it in extra_fields."));
  }
  if (request.max_tokens && *request.max_tokens < 1) {
    return base::configuration_error("The max_tokens is below 1.");
  }
  return check_chat_reasoning(request, model);
}

}  // namespace

Result<WireRequest> encode_chat_completions(const ChatRequest& request, Conversation conversation,
                                            const ModelId& model, Delivery delivery) {
  if (auto checked = check_chat(request, model, delivery); !checked) {
    return std::unexpected(std::move(checked.error()));
  }
  if (conversation.error) return std::unexpected(std::move(*conversation.error));
  auto body = InvokeBody::create(request.extra_fields);
  if (!body) return std::unexpected(std::move(body.error()));
  body->warnings() = std::move(conversation.warnings);
  body->writer().reserve(body_size_hint(conversation));

  begin_mantle_body(model, delivery, *body);
  if (body->begin("messages")) {
    auto written = write_chat_messages(conversation, model, body->writer(), body->warnings());
    if (!written) return std::unexpected(std::move(written.error()));
  }
  body->member("max_completion_tokens", request.max_tokens);
  body->member("temperature", request.temperature);
  body->member("top_p", request.top_p);
  body->member("stop", request.stop_sequences);
  add_chat_tools(request, *body);
  add_chat_tool_choice(request, *body);
  add_response_format(request, *body);
  add_reasoning_effort(request, *body);
  add_metadata(request, *body);
  if (!request.service_tier.empty() && body->begin("service_tier")) {
    body->writer().string(request.service_tier);
  }
  add_stream_options(delivery, *body);

  WireRequest wire{.operation = Operation::chat_completions, .headers = mantle_headers(delivery)};
  if (const std::string_view project = project_of(request, model); !project.empty()) {
    wire.headers.push_back({"OpenAI-Project", std::string(project)});
  }
  wire.warnings = std::move(body->warnings());
  warn_of_idle_options(request, delivery, wire.warnings);
  if (request.response_format) wire.structured_output = to_string(Structure::native);
  wire.body = std::move(*body).take();
  return wire;
}

}  // namespace llm::bedrock
