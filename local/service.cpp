#include "local/service.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "base/errors.hpp"
#include "local/control/empty_lists.hpp"
#include "local/control/foundation_models.hpp"
#include "local/control/guardrails.hpp"
#include "local/control/inference_profiles.hpp"
#include "local/frontend/authentication.hpp"
#include "local/frontend/credential_scope.hpp"
#include "local/frontend/query.hpp"
#include "local/frontend/refusal.hpp"
#include "local/model/cache_limits.hpp"
#include "local/model/completion.hpp"
#include "local/model/mantle.hpp"
#include "local/model/models.hpp"
#include "local/runtime/apply_guardrail.hpp"
#include "local/runtime/converse.hpp"
#include "local/runtime/count_tokens.hpp"
#include "local/runtime/guardrail_checks.hpp"
#include "local/runtime/invoke.hpp"
#include "local/runtime/mantle.hpp"
#include "local/script/faults.hpp"
#include "local/script/scripted_completion.hpp"

namespace llm::local {
namespace {

/// How AWS's front end refuses malformed HTTP.
/// Source: AWS common errors.
Reply refuse_defect(const Request& request) {
  Refusal refusal{.status = 400,
                  .name = "MalformedHttpRequestException",
                  .message = "The request could not be read as HTTP/1.1.",
                  .layer = Layer::front_end};
  if (request.defect == Defect::headers_too_large) {
    refusal.message = "The headers of the request are larger than 64 KiB.";
  }
  if (request.defect == Defect::repeated_header) {
    refusal.message = "The header " + std::string(repeated_header(request)) +
                      " occurs more than once in the request.";
  }
  if (request.defect == Defect::no_descriptors) {
    refusal.status = 503;
    refusal.name = "ServiceUnavailableException";
    refusal.message =
        "The local Bedrock has no file descriptor left for this connection. Raise the limit of "
        "open files (ulimit -n) or close connections.";
  }
  if (request.defect == Defect::body_too_large) {
    refusal.status = 413;
    refusal.name = "RequestEntityTooLargeException";
    refusal.message = "The body of the request is larger than the service reads.";
  }
  Reply reply = to_reply(refusal);
  reply.after = After::close;
  return reply;
}

/// The refusal of an operation of AWS that this server does not have, for a person to read.
Reply unserved_operation(std::string_view name) {
  return to_reply({.status = 404,
                   .name = "UnknownOperationException",
                   .message = "bedrock local does not serve " + std::string(name) + ".",
                   .layer = Layer::front_end});
}

/// How AWS refuses a path that belongs to no operation.
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

/// Operations of bedrock-mantle, whose bodies name the model.
bool is_named_in_body(Operation operation) {
  return operation == Operation::messages || operation == Operation::chat_completions;
}

bool runs_a_model(Operation operation) {
  return operation == Operation::invoke_model ||
         operation == Operation::invoke_model_with_response_stream ||
         operation == Operation::converse || operation == Operation::converse_stream ||
         operation == Operation::count_tokens || is_named_in_body(operation);
}

/// The region's service that a request is signed for.
std::string_view service_of(Operation operation) {
  return error_shape_of(operation) == ErrorShape::aws ? kBedrock : kBedrockMantle;
}

/// The model of a request, or null if it would be refused.
const Model* model_of(const Route& where) {
  if (is_named_in_body(where.operation)) {
    const auto found = find_mantle_model(where.resource);
    return found ? found->model : nullptr;
  }
  return model_to_invoke(where.resource).value_or(nullptr);
}

Checked<Reply> perform(const Route& route, const Request& request, const Principal& principal,
                       const ServerOptions& options, const GuardrailCaller& caller,
                       GuardrailStore& guardrails, ResponsePlan plan) {
  const base::TimePoint now = caller.now;
  const FindGuardrail find_guardrail = [&](std::string_view identifier, std::string_view version) {
    return guardrails.find(caller.access_key_id, identifier, version);
  };
  if (options.end_of_life == EndOfLife::refuse && runs_a_model(route.operation)) {
    auto checked = check_end_of_life(route.resource, now);
    if (!checked) return std::unexpected(checked.error());
  }
  if (!options.any_region && principal.signed_region && runs_a_model(route.operation)) {
    auto checked = check_geography(route.resource, *principal.signed_region);
    if (!checked) return std::unexpected(checked.error());
  }
  if (auto checked = check_project(query_value(route.query, "projectIdentifier")); !checked) {
    return std::unexpected(checked.error());
  }
  switch (route.operation) {
    case Operation::unknown:
      break;
    case Operation::invoke_model_with_response_stream:
      plan.delivery = Delivery::streaming;
      [[fallthrough]];
    case Operation::invoke_model:
      return invoke_model(request, route.resource, plan, find_guardrail);
    case Operation::converse_stream:
      plan.delivery = Delivery::streaming;
      [[fallthrough]];
    case Operation::converse:
      return converse(request, route.resource, plan, find_guardrail);
    case Operation::list_foundation_models:
      return list_foundation_models(route.query, principal.region());
    case Operation::get_foundation_model:
      return get_foundation_model(route.resource, principal.region());
    case Operation::get_foundation_model_availability:
      return get_foundation_model_availability(route.resource);
    case Operation::list_inference_profiles:
      return list_inference_profiles(route.query, principal.region());
    case Operation::get_inference_profile:
      return get_inference_profile(route.resource, principal.region(), options.model_aliases);
    case Operation::count_tokens:
      return count_prompt_tokens(request, route.resource);
    case Operation::apply_guardrail:
      return apply_guardrail(request, route.resource, route.version, find_guardrail);
    case Operation::messages:
      return mantle_messages(request, route.resource, plan);
    case Operation::chat_completions:
      return mantle_chat_completions(request, route.resource, plan);
    case Operation::list_models:
      return list_mantle_models();
    case Operation::invoke_guardrail_checks:
      return invoke_guardrail_checks(request);
    case Operation::create_guardrail:
      return create_guardrail(request, caller, guardrails);
    case Operation::get_guardrail:
      return get_guardrail(route.resource, route.query, caller, guardrails);
    case Operation::list_guardrails:
      return list_guardrails(route.query, caller, guardrails);
    case Operation::update_guardrail:
      return update_guardrail(request, route.resource, caller, guardrails);
    case Operation::delete_guardrail:
      return delete_guardrail(route.resource, route.query, caller, guardrails);
    case Operation::create_guardrail_version:
      return create_guardrail_version(request, route.resource, caller, guardrails);
    case Operation::list_custom_models:
    case Operation::list_custom_model_deployments:
    case Operation::list_imported_models:
    case Operation::list_provisioned_model_throughputs:
    case Operation::list_marketplace_model_endpoints:
    case Operation::list_prompt_routers:
    case Operation::list_model_invocation_jobs:
    case Operation::list_model_customization_jobs:
    case Operation::list_model_copy_jobs:
    case Operation::list_model_import_jobs:
    case Operation::list_evaluation_jobs:
    case Operation::list_async_invokes:
    case Operation::get_model_invocation_logging_configuration:
      return list_nothing(route.operation, route.query);
  }
  return unknown_operation();
}

/// Adds the headers that every reply of AWS has.
void add_common_headers(const RequestContext& context, Reply& reply) {
  reply.headers.insert(reply.headers.begin(), {"Date", base::http_date(context.now)});
  reply.headers.push_back({"x-amzn-RequestId", context.request_id});
}

}  // namespace

Service::Service(ServerOptions options)
    : options_(std::move(options)),
      rulebook_(std::make_unique<Rulebook>(std::exchange(options_.script, {}))),
      cache_(std::make_unique<PromptCache>()),
      guardrails_(std::make_unique<GuardrailStore>()) {}

Result<void> Service::check_aliases() const {
  for (const ModelAlias& alias : options_.model_aliases) {
    if (alias.id.empty()) {
      return base::configuration_error("A model alias has no id.", "Write ID=BASE.");
    }
    if (const Checked<const Model*> model = model_to_invoke(alias.base); !model) {
      return base::configuration_error(
          "The model alias \"" + alias.id + "\" for \"" + alias.base +
              "\" cannot be used: " + model.error().message,
          "Use a model id or an inference profile that `bedrock models --local` lists.");
    }
  }
  return {};
}

std::string_view Service::base_of(std::string_view identifier) const {
  const auto found = std::ranges::find(options_.model_aliases, identifier, &ModelAlias::id);
  return found == options_.model_aliases.end() ? identifier : std::string_view(found->base);
}

void Service::clear() const {
  rulebook_->clear();
  cache_->clear();
  guardrails_->clear();
}

HandledRequest Service::handle(const Request& request, RequestContext context) const {
  Route where = route(request.method, request.target);
  if (is_named_in_body(where.operation)) where.resource = mantle_model_id(request);
  HandledRequest handled{.operation = where.operation, .model = where.resource};
  if (runs_a_model(where.operation)) where.resource = base_of(where.resource);
  if (request.defect != Defect::none) {
    handled.reply = refuse_defect(request);
  } else if (where.operation == Operation::unknown) {
    handled.reply =
        where.unserved.empty() ? unknown_operation() : unserved_operation(where.unserved);
  } else {
    respond(where, request, context, handled);
    if (handled.reply.streamed) handled.reply.plan.before_head += options_.head_delay;
  }
  add_common_headers(context, handled.reply);
  return handled;
}

void Service::respond(const Route& where, const Request& request, RequestContext& context,
                      HandledRequest& handled) const {
  const std::string access_key_id = access_key_id_of(request);
  RuleQuery query{.call = rulebook_->next_call(),
                  .operation = where.operation,
                  .model = handled.model,
                  .access_key_id = access_key_id};
  if (const auto offset = rulebook_->use_clock_offset(query)) {
    context.now += *offset;
    handled.fault = fault_name(fault::ClockOffset{});
  }
  const ErrorShape shape = error_shape_of(where.operation);
  const Checked<Principal> principal =
      authenticate(request, options_, context.now, service_of(where.operation));
  if (!principal) {
    handled.reply = to_reply(principal.error(), shape);
    handled.recorded_body = to_reply(without_secrets(principal.error()), shape).body;
    return;
  }

  std::string prompt_text;
  std::optional<RuleMatch> matched;
  const auto complete_prompt = [&](const Prompt& prompt) {
    prompt_text = text_to_match(prompt);
    query.prompt = prompt_text;
    matched = rulebook_->use_rule(query);
    const ScriptedCompletion* script =
        matched && matched->completion ? &*matched->completion : nullptr;
    Completion completion =
        script != nullptr ? scripted_completion(*script, prompt) : complete(prompt, where.resource);
    const bool fails = matched && matched->fault && !only_delays(*matched->fault);
    use_cache(where, access_key_id, prompt, context.now,
              fails ? PromptCache::Keep::no : PromptCache::Keep::yes, completion);
    if (script != nullptr && script->usage) apply_usage(*script->usage, completion);
    return completion;
  };
  const Checked<Reply> reply =
      perform(where, request, *principal, options_,
              {.access_key_id = access_key_id, .region = principal->region(), .now = context.now},
              *guardrails_,
              {.seed = context.request_id, .pace = options_.pace, .complete = complete_prompt});
  handled.reply = reply ? *reply : to_reply(reply.error(), shape);
  // No prompt: the request was refused, or it is not for a model.
  if (!query.prompt) matched = rulebook_->use_rule(query);
  if (matched) apply_rule(*matched, handled);
}

void Service::use_cache(const Route& where, const std::string& access_key_id, const Prompt& prompt,
                        base::TimePoint now, PromptCache::Keep keep, Completion& completion) const {
  const Model* const model = model_of(where);
  if (model == nullptr) return;
  completion.cache = cache_->use(access_key_id + " " + std::string(model->id) + " ", prompt,
                                 cache_limits(*model), now, keep);
  completion.prompt_tokens = std::max<std::int64_t>(
      completion.prompt_tokens - completion.cache.read - completion.cache.all_written(), 0);
}

void Service::apply_rule(const RuleMatch& matched, HandledRequest& handled) const {
  handled.rule = matched.rule;
  const ErrorShape shape = error_shape_of(handled.operation);
  if (!matched.fault || !apply_fault(*matched.fault, handled.reply, shape)) return;
  rulebook_->count(*matched.fault);
  handled.fault = fault_name(*matched.fault);
}

}  // namespace llm::local
