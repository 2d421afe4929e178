#include "local/converse.hpp"

#include <array>
#include <utility>

#include "aws/event_stream.hpp"
#include "json/reader.hpp"
#include "local/answer.hpp"
#include "local/converse_reply.hpp"
#include "local/converse_request.hpp"
#include "local/models.hpp"
#include "local/pieces.hpp"

namespace llm::local {
namespace {

constexpr std::size_t kMaxBodyBytes = 25'000'000;  // As InvokeModel; Converse documents none.

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

}  // namespace

Checked<Reply> converse(const Request& request, std::string_view model_id, Delivery delivery,
                        std::string_view seed, std::chrono::milliseconds pace) {
  if (request.body.size() > kMaxBodyBytes) return too_long();
  const Checked<const Model*> model = model_to_converse_with(model_id);
  if (!model) return std::unexpected(model.error());

  json::Parser parser;
  const Result<json::Value> body = parser.parse(request.body);
  if (!body) return malformed("");
  const Checked<Conversation> conversation = read_converse(*body, **model, delivery);
  if (!conversation) return std::unexpected(conversation.error());
  if (conversation->prompt_tokens > (*model)->context_tokens) return too_long();

  const Answer result = answer(*conversation, model_id);
  const ReplyFacts facts = reply_facts(**model, seed, result);
  if (delivery == Delivery::whole) {
    return json_reply(write_converse(result, facts));
  }
  Reply reply{.streamed = true};
  reply.headers = {{"Content-Type", "application/vnd.amazon.eventstream"}};
  for (const ConverseEvent& event : write_converse_events(result, facts)) {
    reply.frames.push_back({frame(event), pace});
  }
  return reply;
}

}  // namespace llm::local
