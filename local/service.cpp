#include "local/service.hpp"

#include "local/apply_guardrail.hpp"
#include "local/authentication.hpp"
#include "local/control_plane.hpp"
#include "local/converse.hpp"
#include "local/count_tokens.hpp"
#include "local/inference_profiles.hpp"
#include "local/invoke.hpp"
#include "local/models.hpp"
#include "local/refusal.hpp"
#include "local/router.hpp"

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
                       const ServerOptions& options, const Occasion& occasion) {
  if (options.end_of_life == EndOfLife::refuse && runs_a_model(route.operation)) {
    auto checked = check_end_of_life(route.resource, occasion.now);
    if (!checked) return std::unexpected(checked.error());
  }
  switch (route.operation) {
    case Operation::unknown:
      return unknown_operation();
    case Operation::invoke_model:
      return invoke_model(request, route.resource, Delivery::whole, occasion.request_id,
                          options.pace);
    case Operation::invoke_model_with_response_stream:
      return invoke_model(request, route.resource, Delivery::stream, occasion.request_id,
                          options.pace);
    case Operation::converse:
      return converse(request, route.resource, Delivery::whole, occasion.request_id, options.pace);
    case Operation::converse_stream:
      return converse(request, route.resource, Delivery::stream, occasion.request_id, options.pace);
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

}  // namespace

Reply Service::handle(const Request& request, const Occasion& occasion) const {
  Reply reply = answer(request, occasion);
  reply.headers.insert(reply.headers.begin(), {"Date", base::http_date(occasion.now)});
  reply.headers.push_back({"x-amzn-RequestId", occasion.request_id});
  return reply;
}

Reply Service::answer(const Request& request, const Occasion& occasion) const {
  if (request.defect != Defect::none) return refuse_defect(request.defect);
  const Route where = route(request.method, request.target);
  if (where.operation == Operation::unknown) return unknown_operation();

  const Checked<Identity> identity = authenticate(request, options_, occasion.now);
  if (!identity) return to_reply(identity.error());
  const Checked<Reply> reply = perform(where, request, *identity, options_, occasion);
  return reply ? *reply : to_reply(reply.error());
}

}  // namespace llm::local
