#include "bedrock/health/health.hpp"

#include <chrono>
#include <string>
#include <utility>

#include "base/percent.hpp"
#include "base/time.hpp"
#include "bedrock/call/pipeline.hpp"
#include "bedrock/config/provider_config.hpp"

namespace llm::bedrock {
namespace {

using std::chrono::milliseconds;

constexpr auto kKeep = std::chrono::minutes(5);
// The service refuses signatures that are more than five minutes off.
constexpr milliseconds kClockLimit = std::chrono::minutes(5);

milliseconds since(const port::System& system, std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration_cast<milliseconds>(system.steady_now() - begin);
}

HealthCheck unknown(std::string name, std::string why) {
  return {.name = std::move(name), .message = std::move(why)};
}

/// Whether keys can be had at all, without asking the service.
HealthCheck look_up_credentials(const Pipeline& pipeline, const Call& call,
                                Examination& examination) {
  const PipelineConfig& config = pipeline.config();
  HealthCheck check{.name = "credentials"};
  if (!config.identity.api_key.empty()) {
    check.status = HealthStatus::pass;
    check.message = "A Bedrock API key is set.";
    return check;
  }
  const auto begin = config.system->steady_now();
  const Result<aws::CredentialsLookup> found =
      pipeline.look_up_credentials("Looking up AWS credentials", call);
  check.duration = since(*config.system, begin);
  if (!found) {
    check.status = HealthStatus::fail;
    check.message = found.error().message;
    check.error = found.error().code;
    check.advice = "Mend this source of credentials, or remove it to let the next one be asked.";
  } else if (const auto* absent = std::get_if<aws::NotConfigured>(&*found)) {
    check.status = HealthStatus::fail;
    check.message = "No AWS credentials were found. " + absent->reason;
    check.error = ErrorCode::authentication_error;
    check.advice =
        "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE, or "
        "AWS_BEARER_TOKEN_BEDROCK.";
  } else {
    const auto& keys = std::get<aws::Credentials>(*found);
    examination.keys_source = keys.source;
    examination.account_id = keys.account_id;
    check.status = HealthStatus::pass;
    check.message = "From " + keys.source + ".";
  }
  return check;
}

/// The call of a model that says nothing, whole or streamed: each has a permission of its own.
Result<UnsignedRequest> empty_call(const ProviderConfig& config, const ModelId& model,
                                   const std::string& region, Delivery delivery) {
  const bool native = config.api != Api::converse && model.facts != nullptr &&
                      model.facts->wire_format != WireFormat::none;
  UnsignedRequest operation;
  operation.path = "/model/" + base::percent_encode(model.requested_id);
  if (delivery == Delivery::buffered) {
    operation.name = native ? "InvokeModel" : "Converse";
    operation.path += native ? "/invoke" : "/converse";
  } else {
    operation.name = native ? "InvokeModelWithResponseStream" : "ConverseStream";
    operation.path += native ? "/invoke-with-response-stream" : "/converse-stream";
  }
  operation.delivery = delivery;
  operation.headers = {{"content-type", "application/json"}};
  operation.body = std::make_shared<const std::string>("{}");
  operation.context = {.operation = operation.name, .model = &model};
  if (auto moved = move_to(config, model.region.empty() ? region : model.region, operation);
      !moved) {
    return std::unexpected(std::move(moved.error()));
  }
  return operation;
}

bool is_answer(const Error& error) { return error.status_code != 0; }

HealthCheck judge_reachable(const Result<Response>& answer, milliseconds duration,
                            const std::string& operation_url) {
  HealthCheck check{.name = "reachable", .duration = duration};
  if (answer || is_answer(answer.error())) {
    check.status = HealthStatus::pass;
    check.message = operation_url + " answers.";
    return check;
  }
  check.status = HealthStatus::fail;
  check.message = answer.error().message;
  check.error = answer.error().code;
  check.advice = "Check the region, the endpoint URL, the network and proxies.";
  return check;
}

/// What the service said against it and what to do, apart; `advice` where the table has none.
void fail(HealthCheck& check, const Error& error, const LastResponse& last,
          const std::string& advice) {
  check.status = HealthStatus::fail;
  check.error = error.code;
  check.message = last.refusal ? last.refusal->what : error.message;
  const bool has_own = last.refusal && !last.refusal->advice.empty();
  check.advice = has_own ? last.refusal->advice : advice;
}

void judge_credentials(const Result<Response>& answer, const LastResponse& last,
                       HealthCheck& check) {
  if (answer) return;
  if (answer.error().code == ErrorCode::authentication_error) {
    fail(check, answer.error(), last, "Get new credentials, or choose others with AWS_PROFILE.");
  } else if (!is_answer(answer.error())) {
    check.status = HealthStatus::unknown;
    check.message += " Not tried: the service cannot be reached.";
  } else {
    check.message += " The service accepts them.";
  }
}

HealthCheck judge_permitted(const Result<Response>& answer, const LastResponse& last,
                            milliseconds duration) {
  HealthCheck check{.name = "permitted", .duration = duration};
  const auto pass = [&](std::string message) {
    check.status = HealthStatus::pass;
    check.message = std::move(message);
  };
  if (answer) {
    pass("The model may be called.");
    return check;
  }
  const Error& error = answer.error();
  switch (error.code) {
    case ErrorCode::invalid_request_error:
    case ErrorCode::context_length_exceeded:
      pass("The model may be called.");
      break;
    case ErrorCode::rate_limit_error:
    case ErrorCode::quota_exceeded_error:
    case ErrorCode::model_not_ready:
      pass("The model may be called, but not now: " + error.message);
      break;
    case ErrorCode::permission_error:
    case ErrorCode::model_not_found:
    case ErrorCode::configuration_error:
      fail(check, error, last,
           error.code == ErrorCode::permission_error ? "Have the missing permission granted."
                                                     : "Choose another model, region or endpoint.");
      break;
    default:
      check.message = "Could not be told: " + error.message;
  }
  return check;
}

/// In whole seconds, as the service tells the time: half a second into the one it names.
std::optional<milliseconds> clock_offset(const HttpResponseHead& head, base::TimePoint middle) {
  const auto server = base::parse_http_date(head.header("date"));
  if (!server) return std::nullopt;
  return std::chrono::round<std::chrono::seconds>(*server + milliseconds(500) - middle);
}

HealthCheck judge_clock(std::optional<milliseconds> offset) {
  if (!offset) return unknown("clock", "The service told no time.");
  HealthCheck check{.name = "clock"};
  const auto size = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::abs(*offset));
  const bool right = size < kClockLimit;
  check.status = right ? HealthStatus::pass : HealthStatus::fail;
  if (!right) check.error = ErrorCode::authentication_error;
  check.message = "This clock is " + std::to_string(size.count()) + " s " +
                  (offset->count() < 0 ? "ahead of" : "behind") + " the service's.";
  if (!right) check.advice = "Set the clock: signatures are good for five minutes.";
  return check;
}

/// Sends one request and judges by its answer: reachability and clock into `found`, the
/// credentials, and, returned, the permission.
HealthCheck ask_service(const Pipeline& pipeline, const UnsignedRequest& operation,
                        const Call& call, HealthCheck& credentials, Examination& found) {
  const port::System& system = *pipeline.config().system;
  const auto begin = system.steady_now();
  const auto began = system.now();
  LastResponse last;
  const Result<Response> answer = pipeline.send(operation, call, &last);
  const milliseconds duration = since(system, begin);
  found.endpoint = operation.endpoint.url();
  found.clock_offset = clock_offset(last.head, began + (system.now() - began) / 2);
  if (last.head.status != 0) found.latency = duration;
  found.report.checks = {judge_reachable(answer, duration, found.endpoint),
                         judge_clock(found.clock_offset)};
  judge_credentials(answer, last, credentials);
  return judge_permitted(answer, last, duration);
}

/// Whether a model that may be called may be streamed from too.
void ask_for_stream(const Pipeline& pipeline, const UnsignedRequest& operation, const Call& call,
                    HealthCheck& permitted) {
  const port::System& system = *pipeline.config().system;
  const auto begin = system.steady_now();
  LastResponse last;
  const Result<Response> answer = pipeline.send(operation, call, &last);
  HealthCheck streamed = judge_permitted(answer, last, since(system, begin));
  permitted.duration += streamed.duration;
  if (streamed.status == HealthStatus::pass) return;
  if (streamed.status == HealthStatus::unknown) {
    permitted.message += " For streams it could not be told.";
    return;
  }
  streamed.duration = permitted.duration;
  streamed.message = "Not for streams: " + streamed.message;
  permitted = std::move(streamed);
}

/// The checks when nothing can be sent: the one that says why, the others unknown.
std::vector<HealthCheck> untried(const std::string& why, HealthCheck credentials,
                                 HealthCheck permitted) {
  return {unknown("reachable", why), std::move(credentials), std::move(permitted),
          unknown("clock", why)};
}

/// What the service says about the model that `config` names.
void ask_about_model(const Pipeline& pipeline, const ProviderConfig& config, const Call& call,
                     HealthCheck credentials, Examination& found) {
  const std::string& region = found.region.region.value;
  const Result<ModelId> model = known_model(config, {});
  if (model && model->kind == IdKind::prompt) {
    const std::string why = "Not asked: an empty call of a prompt is a valid one, and billed.";
    found.report.checks = untried(why, std::move(credentials), unknown("permitted", why));
    return;
  }
  const auto operation = model ? empty_call(config, *model, region, Delivery::buffered)
                               : Result<UnsignedRequest>(std::unexpected(model.error()));
  if (!operation) {
    found.report.checks = untried("Not tried: no model to ask for.", std::move(credentials),
                                  {.name = "permitted",
                                   .status = HealthStatus::fail,
                                   .message = operation.error().message,
                                   .advice = "Set the model.",
                                   .error = operation.error().code});
    return;
  }
  HealthCheck permitted = ask_service(pipeline, *operation, call, credentials, found);
  const bool streams = model->facts == nullptr || model->facts->streaming != Support::no;
  if (permitted.status == HealthStatus::pass && streams) {
    const auto stream = empty_call(config, *model, region, Delivery::streaming);
    if (stream) ask_for_stream(pipeline, *stream, call, permitted);
  }
  found.report.checks.insert(found.report.checks.begin() + 1,
                             {std::move(credentials), std::move(permitted)});
}

}  // namespace

Examination examine(const Pipeline& pipeline, const ProviderConfig& config, std::stop_token stop) {
  const port::System& system = *pipeline.config().system;
  Call call = pipeline.begin({.stop = std::move(stop), .max_retries = 0});
  call.deadline = aws::deadline_of_step(call.deadline, pipeline.config().system, kShortTime);
  Examination found{.report = {.checked_at = system.now()},
                    .region = {.region = {config.region, config.region_origin}}};
  HealthCheck credentials = look_up_credentials(pipeline, call, found);
  if (credentials.status == HealthStatus::fail) {
    const std::string why = "Not tried: there are no credentials to sign with.";
    found.report.checks = untried(why, std::move(credentials), unknown("permitted", why));
    return found;
  }
  Result<RegionInUse> region = region_in_use(config, call.options.stop, call.deadline);
  if (region) found.region = std::move(*region);
  ask_about_model(pipeline, config, call, std::move(credentials), found);
  return found;
}

std::optional<HealthReport> HealthCache::kept(std::chrono::system_clock::time_point now) const {
  const std::lock_guard lock(mutex_);
  const bool usable = last_ && now - last_->checked_at < kKeep && now >= last_->checked_at;
  return usable ? last_ : std::nullopt;
}

HealthReport HealthCache::get(const HealthOptions& options, const Pipeline& pipeline,
                              const ProviderConfig& config) const {
  if (options.freshness == HealthOptions::Freshness::cached) {
    if (auto report = kept(pipeline.config().system->now())) {
      report->cached = true;
      return std::move(*report);
    }
  }
  HealthReport report = examine(pipeline, config, options.stop).report;
  if (options.stop.stop_requested()) return report;
  const std::lock_guard lock(mutex_);
  last_ = report;
  return report;
}

}  // namespace llm::bedrock
