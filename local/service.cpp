#include "local/service.hpp"

#include <optional>
#include <utility>

#include "local/control/foundation_models.hpp"
#include "local/control/inference_profiles.hpp"
#include "local/frontend/authentication.hpp"
#include "local/frontend/refusal.hpp"
#include "local/model/completion.hpp"
#include "local/model/models.hpp"
#include "local/runtime/apply_guardrail.hpp"
#include "local/runtime/converse.hpp"
#include "local/runtime/count_tokens.hpp"
#include "local/runtime/invoke.hpp"
#include "local/script/faults.hpp"
#include "local/script/scripted_completion.hpp"

namespace llm::local {
namespace {

/// What AWS's front end says to broken HTTP.
/// Source: AWS common errors.
Reply refuse_defect(Defect defect) {
  Refusal refusal{.status = 400,
                  .name = "MalformedHttpRequestException",
                  .message = "The request could not be read as HTTP/1.1.",
                  .origin = Origin::front};
  if (defect == Defect::headers_too_large) {
    refusal.message = "The headers of the request are larger than 64 KiB.";
  }
  if (defect == Defect::body_too_large) {
    refusal.status = 413;
    refusal.name = "RequestEntityTooLargeException";
    refusal.message = "The body of the request is larger than the service reads.";
  }
  Reply reply = to_reply(refusal);
  reply.after = After::close;
  return reply;
}

/// What AWS says to a path that no operation has.
Reply unknown_operation() {
  Reply reply{.status = 404};
  reply.headers = {
      {"Content-Type", "application/json"},
      {"x-amzn-ErrorType",
       "UnknownOperationException:http://internal.amazon.com/coral/com.amazon.coral.service/"}};
  reply.body =
      R"({"Output":{"__type":"com.amazon.coral.service#UnknownOperationException"},"Version":"1.0"})";
  return reply;
}

bool runs_a_model(Operation operation) {
  return operation == Operation::invoke_model ||
         operation == Operation::invoke_model_with_response_stream ||
         operation == Operation::converse || operation == Operation::converse_stream ||
         operation == Operation::count_tokens;
}

Checked<Reply> perform(const Route& route, const Request& request, const Identity& identity,
                       const ServerOptions& options, base::TimePoint now, Answering answering) {
  if (options.end_of_life == EndOfLife::refuse && runs_a_model(route.operation)) {
    auto checked = check_end_of_life(route.resource, now);
    if (!checked) return std::unexpected(checked.error());
  }
  switch (route.operation) {
    case Operation::unknown:
      break;
    case Operation::invoke_model_with_response_stream:
      answering.delivery = Delivery::stream;
      [[fallthrough]];
    case Operation::invoke_model:
      return invoke_model(request, route.resource, answering);
    case Operation::converse_stream:
      answering.delivery = Delivery::stream;
      [[fallthrough]];
    case Operation::converse:
      return converse(request, route.resource, answering);
    case Operation::list_foundation_models:
      return list_foundation_models(route.query, identity.region);
    case Operation::get_foundation_model:
      return get_foundation_model(route.resource, identity.region);
    case Operation::get_foundation_model_availability:
      return get_foundation_model_availability(route.resource);
    case Operation::list_inference_profiles:
      return list_inference_profiles(route.query, identity.region);
    case Operation::get_inference_profile:
      return get_inference_profile(route.resource, identity.region);
    case Operation::count_tokens:
      return count_prompt_tokens(request, route.resource);
    case Operation::apply_guardrail:
      return apply_guardrail(request, route.resource, route.version);
  }
  return unknown_operation();
}

/// What every reply of AWS has.
void stamp(const Occasion& occasion, Reply& reply) {
  reply.headers.insert(reply.headers.begin(), {"Date", base::http_date(occasion.now)});
  reply.headers.push_back({"x-amzn-RequestId", occasion.request_id});
}

}  // namespace

Service::Service(ServerOptions options)
    : options_(std::move(options)),
      rulebook_(std::make_unique<Rulebook>(std::exchange(options_.script, {}))) {}

Served Service::handle(const Request& request, Occasion occasion) const {
  const Route where = route(request.method, request.target);
  Served served{.operation = where.operation, .model = where.resource};
  if (request.defect != Defect::none) {
    served.reply = refuse_defect(request.defect);
  } else if (where.operation == Operation::unknown) {
    served.reply = unknown_operation();
  } else {
    answer(where, request, occasion, served);
  }
  stamp(occasion, served.reply);
  return served;
}

void Service::answer(const Route& where, const Request& request, Occasion& occasion,
                     Served& served) const {
  Inquiry inquiry{.call = rulebook_->next_call(),
                  .operation = where.operation,
                  .model = where.resource,
                  .access_key_id = access_key_id_of(request)};
  if (const auto offset = rulebook_->clock_offset(inquiry)) {
    occasion.now += *offset;
    served.fault = fault_name(fault::ClockOffset{});
  }
  const Checked<Identity> identity = authenticate(request, options_, occasion.now);
  if (!identity) {
    served.reply = to_reply(identity.error());
    return;
  }

  std::string prompt;
  std::optional<Cue> cue;
  const auto decide = [&](const Conversation& conversation) {
    prompt = prompt_of(conversation);
    inquiry.prompt = prompt;
    cue = rulebook_->find(inquiry);
    return cue && cue->answer ? scripted_answer(*cue->answer, conversation)
                              : local::answer(conversation, where.resource);
  };
  const Checked<Reply> reply =
      perform(where, request, *identity, options_, occasion.now,
              {.seed = occasion.request_id, .pace = options_.pace, .answer = decide});
  served.reply = reply ? *reply : to_reply(reply.error());
  if (!inquiry.prompt) cue = rulebook_->find(inquiry);
  if (cue) follow(*cue, served);
}

void Service::follow(const Cue& cue, Served& served) const {
  served.rule = cue.rule;
  if (!cue.fault || !apply_fault(*cue.fault, served.reply)) return;
  rulebook_->count(*cue.fault);
  served.fault = fault_name(*cue.fault);
}

}  // namespace llm::local
