#include "bedrock/health.hpp"

#include <chrono>
#include <string>
#include <utility>

#include "base/percent.hpp"
#include "base/time.hpp"
#include "bedrock/pipeline.hpp"
#include "bedrock/provider_config.hpp"

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
HealthCheck look_up_credentials(const Pipeline& pipeline, std::stop_token stop,
                                Examination& examination) {
  const PipelineConfig& config = pipeline.config();
  HealthCheck check{.name = "credentials"};
  if (!config.identity.api_key.empty()) {
    check.status = HealthStatus::pass;
    check.message = "A Bedrock API key is set.";
    return check;
  }
  const auto begin = config.system->steady_now();
  const Result<aws::CredentialsLookup> found = config.identity.credentials->lookup(stop);
  check.duration = since(*config.system, begin);
  if (!found) {
    check.status = HealthStatus::fail;
    check.message = found.error().message;
    check.advice = "Mend this source of credentials, or remove it to let the next one be asked.";
  } else if (const auto* absent = std::get_if<aws::Absent>(&*found)) {
    check.status = HealthStatus::fail;
    check.message = "No AWS credentials were found. " + absent->reason;
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

Result<Operation> probe_operation(const ProviderConfig& config, const ModelId& model,
                                  const std::string& region) {
  const bool native = config.api != Api::converse && model.facts != nullptr &&
                      model.facts->wire_form != WireForm::none;
  Operation operation;
  operation.name = native ? "InvokeModel" : "Converse";
  operation.path =
      "/model/" + base::percent_encode(model.called) + (native ? "/invoke" : "/converse");
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

HealthCheck judge_reachable(const Result<Answer>& answer, milliseconds duration,
                            const std::string& operation_url) {
  HealthCheck check{.name = "reachable", .duration = duration};
  if (answer || is_answer(answer.error())) {
    check.status = HealthStatus::pass;
    check.message = operation_url + " answers.";
    return check;
  }
  check.status = HealthStatus::fail;
  check.message = answer.error().message;
  check.advice = "Check the region, the endpoint URL, the network and proxies.";
  return check;
}

/// What the service said against it and what to do, apart; `advice` where the table has none.
void fail(HealthCheck& check, const Error& error, const LastAnswer& last,
          const std::string& advice) {
  check.status = HealthStatus::fail;
  check.message = last.refusal ? last.refusal->what : error.message;
  const bool has_own = last.refusal && !last.refusal->advice.empty();
  check.advice = has_own ? last.refusal->advice : advice;
}

void judge_credentials(const Result<Answer>& answer, const LastAnswer& last, HealthCheck& check) {
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

HealthCheck judge_permitted(const Result<Answer>& answer, const LastAnswer& last,
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

std::optional<milliseconds> clock_offset(const HttpHead& head, base::TimePoint middle) {
  const auto server = base::parse_http_date(head.header("date"));
  if (!server) return std::nullopt;
  return std::chrono::duration_cast<milliseconds>(*server - middle);
}

HealthCheck judge_clock(std::optional<milliseconds> offset) {
  if (!offset) return unknown("clock", "The service told no time.");
  HealthCheck check{.name = "clock"};
  const auto size = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::abs(*offset));
  const bool right = size < kClockLimit;
  check.status = right ? HealthStatus::pass : HealthStatus::fail;
  check.message = "This clock is " + std::to_string(size.count()) + " s " +
                  (offset->count() < 0 ? "ahead of" : "behind") + " the service's.";
  if (!right) check.advice = "Set the clock: signatures are good for five minutes.";
  return check;
}

/// Sends the one request and judges by its answer.
void ask_service(const Pipeline& pipeline, const Operation& operation, std::stop_token stop,
                 HealthCheck credentials, Examination& found) {
  const port::System& system = *pipeline.config().system;
  const auto begin = system.steady_now();
  const auto began = system.now();
  LastAnswer last;
  const Result<Answer> answer = pipeline.send(operation, {.stop = stop, .max_retries = 0}, &last);
  const milliseconds duration = since(system, begin);
  found.endpoint = operation.endpoint.url();
  found.clock_offset = clock_offset(last.head, began + (system.now() - began) / 2);
  if (last.head.status != 0) found.latency = duration;
  HealthCheck reachable = judge_reachable(answer, duration, found.endpoint);
  judge_credentials(answer, last, credentials);
  found.report.checks = {std::move(reachable), std::move(credentials),
                         judge_permitted(answer, last, duration), judge_clock(found.clock_offset)};
}

/// The checks when nothing can be sent: the one that says why, the others unknown.
std::vector<HealthCheck> untried(const std::string& why, HealthCheck credentials,
                                 HealthCheck permitted) {
  return {unknown("reachable", why), std::move(credentials), std::move(permitted),
          unknown("clock", why)};
}

}  // namespace

Examination examine(const Pipeline& pipeline, const ProviderConfig& config, std::stop_token stop) {
  Examination found{.report = {.checked_at = pipeline.config().system->now()},
                    .region = {.region = {config.region, config.region_origin}}};
  HealthCheck credentials = look_up_credentials(pipeline, stop, found);
  if (credentials.status == HealthStatus::fail) {
    const std::string why = "Not tried: there are no credentials to sign with.";
    found.report.checks = untried(why, std::move(credentials), unknown("permitted", why));
    return found;
  }
  if (Result<RegionInUse> region = region_in_use(config, stop)) found.region = std::move(*region);
  const Result<ModelId> model = known_model(config, {});
  const Result<Operation> operation =
      model ? probe_operation(config, *model, found.region.region.value)
            : Result<Operation>(std::unexpected(model.error()));
  if (!operation) {
    found.report.checks = untried("Not tried: no model to ask for.", std::move(credentials),
                                  {.name = "permitted",
                                   .status = HealthStatus::fail,
                                   .message = operation.error().message,
                                   .advice = "Set the model."});
    return found;
  }
  ask_service(pipeline, *operation, stop, std::move(credentials), found);
  return found;
}

HealthReport HealthCache::get(const HealthOptions& options, const Pipeline& pipeline,
                              const ProviderConfig& config) const {
  const std::lock_guard lock(mutex_);
  const auto now = pipeline.config().system->now();
  const bool usable = options.freshness == HealthOptions::Freshness::cached && last_ &&
                      now - last_->checked_at < kKeep && now >= last_->checked_at;
  if (usable) {
    HealthReport report = *last_;
    report.cached = true;
    return report;
  }
  last_ = examine(pipeline, config, options.stop).report;
  return *last_;
}

}  // namespace llm::bedrock
