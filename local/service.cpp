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

Checked<Reply> perform(const Route& route, const Request& request, const Principal& identity,
                       const ServerOptions& options, base::TimePoint now, ResponsePlan plan) {
  if (options.end_of_life == EndOfLife::refuse && runs_a_model(route.operation)) {
    auto checked = check_end_of_life(route.resource, now);
    if (!checked) return std::unexpected(checked.error());
  }
  switch (route.operation) {
    case Operation::unknown:
      break;
    case Operation::invoke_model_with_response_stream:
      plan.delivery = Delivery::streaming;
      [[fallthrough]];
    case Operation::invoke_model:
      return invoke_model(request, route.resource, plan);
    case Operation::converse_stream:
      plan.delivery = Delivery::streaming;
      [[fallthrough]];
    case Operation::converse:
      return converse(request, route.resource, plan);
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
void stamp(const RequestContext& occasion, Reply& reply) {
  reply.headers.insert(reply.headers.begin(), {"Date", base::http_date(occasion.now)});
  reply.headers.push_back({"x-amzn-RequestId", occasion.request_id});
}

}  // namespace

Service::Service(ServerOptions options)
    : options_(std::move(options)),
      rulebook_(std::make_unique<Rulebook>(std::exchange(options_.script, {}))) {}

HandledRequest Service::handle(const Request& request, RequestContext occasion) const {
  const Route where = route(request.method, request.target);
  HandledRequest served{.operation = where.operation, .model = where.resource};
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

void Service::answer(const Route& where, const Request& request, RequestContext& occasion,
                     HandledRequest& served) const {
  RuleQuery query{.call = rulebook_->next_call(),
                  .operation = where.operation,
                  .model = where.resource,
                  .access_key_id = access_key_id_of(request)};
  if (const auto offset = rulebook_->clock_offset(query)) {
    occasion.now += *offset;
    served.fault = fault_name(fault::ClockOffset{});
  }
  const Checked<Principal> identity = authenticate(request, options_, occasion.now);
  if (!identity) {
    served.reply = to_reply(identity.error());
    return;
  }

  std::string prompt_text;
  std::optional<RuleMatch> matched;
  const auto decide = [&](const Prompt& prompt) {
    prompt_text = prompt_of(prompt);
    query.prompt = prompt_text;
    matched = rulebook_->find(query);
    return matched && matched->completion ? scripted_completion(*matched->completion, prompt)
                                          : complete(prompt, where.resource);
  };
  const Checked<Reply> reply =
      perform(where, request, *identity, options_, occasion.now,
              {.seed = occasion.request_id, .pace = options_.pace, .complete = decide});
  served.reply = reply ? *reply : to_reply(reply.error());
  if (!query.prompt) matched = rulebook_->find(query);
  if (matched) follow(*matched, served);
}

void Service::follow(const RuleMatch& matched, HandledRequest& served) const {
  served.rule = matched.rule;
  if (!matched.fault || !apply_fault(*matched.fault, served.reply)) return;
  rulebook_->count(*matched.fault);
  served.fault = fault_name(*matched.fault);
}

}  // namespace llm::local
