#include "bedrock/health/health.hpp"

#include <string>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "bedrock/call/pipeline.hpp"
#include "bedrock/config/provider_config.hpp"
#include "json/writer.hpp"

namespace llm::bedrock {
namespace {

using std::chrono::milliseconds;

constexpr auto kLifetimeOfReport = std::chrono::minutes(5);
// The service refuses signatures that are more than five minutes off.
constexpr milliseconds kClockLimit = std::chrono::minutes(5);

HealthCheck unknown(std::string name, std::string message) {
  return {.name = std::move(name), .message = std::move(message)};
}

HealthCheck passed(std::string name, milliseconds duration, std::string message) {
  return {.name = std::move(name),
          .status = HealthStatus::pass,
          .duration = duration,
          .message = std::move(message)};
}

/// `advice` is used if the error has none.
HealthCheck failed(std::string name, milliseconds duration, const Error& error,
                   const std::string& advice) {
  return {.name = std::move(name),
          .status = HealthStatus::fail,
          .duration = duration,
          .message = error.message,
          .advice = error.advice.empty() ? advice : error.advice,
          .error = error.code};
}

milliseconds since(const port::System& system, std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration_cast<milliseconds>(system.steady_now() - begin);
}

/// The check `credentials` before the service has been asked.
struct FoundCredentials {
  HealthCheck check{};
  std::string source{};
  std::string account_id{};
};

FoundCredentials look_up_credentials(const Pipeline& pipeline, const Call& call) {
  const std::string name = "credentials";
  const PipelineConfig& config = pipeline.config();
  if (!config.identity.api_key.empty()) {
    return {.check = passed(name, milliseconds(0), "A Bedrock API key is set.")};
  }
  const auto begin = config.system->steady_now();
  const Result<aws::CredentialsLookup> found =
      pipeline.look_up_credentials("Looking up AWS credentials", call);
  const milliseconds duration = since(*config.system, begin);
  if (!found) {
    return {.check =
                failed(name, duration, found.error(),
                       "Fix this credential source, or remove it so that the next one is tried.")};
  }
  if (const auto* missing = std::get_if<aws::NotConfigured>(&*found)) {
    return {.check = failed(name, duration, missing_credentials(*missing), {})};
  }
  const auto& credentials = std::get<aws::Credentials>(*found);
  return {.check = passed(name, duration, "From " + credentials.source + "."),
          .source = credentials.source,
          .account_id = credentials.account_id};
}

/// On bedrock-mantle the body names the model.
std::string empty_body(const ModelId& model, Plane plane) {
  json::Writer writer;
  writer.begin_object();
  if (plane == Plane::mantle) writer.member("model", model.requested_id);
  writer.end_object();
  return std::move(writer).take();
}

/// A call of the model without content. Buffered and streaming calls need different permissions.
Result<UnsignedRequest> empty_request(const ProviderConfig& config, const ModelId& model,
                                      const std::string& region, Delivery delivery) {
  const Operation operation = chat_operation(config, model, delivery);
  UnsignedRequest request;
  request.plane = info_of(operation).plane;
  request.name = info_of(operation).name;
  request.path = model_path(model, operation);
  request.delivery = delivery;
  request.headers = {{"content-type", "application/json"}};
  request.body = std::make_shared<const std::string>(empty_body(model, request.plane));
  request.context = {.operation = request.name, .model = &model};
  if (auto moved = move_to(config, model.region.empty() ? region : model.region, request); !moved) {
    return std::unexpected(std::move(moved.error()));
  }
  return request;
}

/// One request to the service, and its outcome.
struct Probe {
  std::string endpoint{};
  std::optional<Error> error{};
  HttpResponseHead head{};  ///< Status 0 when there was no response.
  milliseconds duration{};
  base::TimePoint middle{};  ///< Halfway between request and response, by this clock.

  [[nodiscard]] bool has_response() const { return !error || error->status_code != 0; }
};

Probe probe(const Pipeline& pipeline, const UnsignedRequest& request, const Call& call) {
  const port::System& system = *pipeline.config().system;
  const auto begin = system.steady_now();
  const auto began = system.now();
  HttpResponseHead head;
  Result<Response> response = pipeline.send(request, call, &head);
  Probe probe{.endpoint = request.endpoint.url(),
              .head = std::move(head),
              .duration = since(system, begin),
              .middle = began + (system.now() - began) / 2};
  if (!response) probe.error = std::move(response.error());
  return probe;
}

HealthCheck judge_reachable(const Probe& probe) {
  const std::string name = "reachable";
  if (probe.has_response()) return passed(name, probe.duration, probe.endpoint + " responds.");
  return failed(name, probe.duration, *probe.error,
                "Check the region, the endpoint URL, the network and proxies.");
}

/// The check of the lookup, with the service's judgement of what was found.
HealthCheck judge_credentials(const Probe& probe, HealthCheck lookup) {
  if (!probe.error) return lookup;
  if (probe.error->code == ErrorCode::authentication_error) {
    return failed(lookup.name, lookup.duration, *probe.error,
                  "Get new credentials, or choose others with AWS_PROFILE.");
  }
  if (probe.has_response()) {
    lookup.message += " The service accepts them.";
  } else {
    lookup.status = HealthStatus::unknown;
    lookup.message += " Not tried: the service cannot be reached.";
  }
  return lookup;
}

HealthCheck judge_permitted(const Probe& probe) {
  const std::string name = "permitted";
  const std::string permitted = "The model may be called";
  if (!probe.error) return passed(name, probe.duration, permitted + ".");
  const Error& error = *probe.error;
  switch (error.code) {
    case ErrorCode::invalid_request_error:
    case ErrorCode::context_length_exceeded:
      return passed(name, probe.duration, permitted + ".");
    case ErrorCode::rate_limit_error:
    case ErrorCode::quota_exceeded_error:
    case ErrorCode::model_not_ready:
      return passed(name, probe.duration, permitted + ", but not right now. " + error.message);
    case ErrorCode::permission_error:
      return failed(name, probe.duration, error,
                    "Ask your administrator to grant the missing permission.");
    case ErrorCode::model_not_found:
    case ErrorCode::configuration_error:
      return failed(name, probe.duration, error, "Choose another model, region or endpoint.");
    default:
      return {.name = name,
              .duration = probe.duration,
              .message = "Could not be determined. " + error.message};
  }
}

/// The same for a model that may be called, after a streaming request.
HealthCheck judge_streaming(const Probe& probe, HealthCheck permitted) {
  HealthCheck streaming = judge_permitted(probe);
  const milliseconds duration = permitted.duration + streaming.duration;
  if (streaming.status == HealthStatus::fail) {
    streaming.message = "Streaming is not permitted. " + streaming.message;
    permitted = std::move(streaming);
  } else if (streaming.status == HealthStatus::unknown) {
    permitted.message += " For streaming this could not be determined.";
  }
  permitted.duration = duration;
  return permitted;
}

/// The Date header has whole seconds: on average it is half a second behind.
std::optional<milliseconds> clock_offset(const Probe& probe) {
  const auto server = base::parse_http_date(probe.head.header("date"));
  if (!server) return std::nullopt;
  return std::chrono::round<std::chrono::seconds>(*server + milliseconds(500) - probe.middle);
}

std::string describe_clock(std::chrono::seconds offset) {
  if (offset.count() == 0) return "This clock agrees with the service's.";
  return "This clock is " + std::to_string(std::chrono::abs(offset).count()) + " s " +
         (offset.count() < 0 ? "ahead of" : "behind") + " the service's.";
}

HealthCheck judge_clock(std::optional<milliseconds> offset) {
  const std::string name = "clock";
  if (!offset) return unknown(name, "The service did not send its time.");
  std::string message = describe_clock(std::chrono::duration_cast<std::chrono::seconds>(*offset));
  if (std::chrono::abs(*offset) < kClockLimit) {
    return passed(name, milliseconds(0), std::move(message));
  }
  return failed(name, milliseconds(0),
                make_error(ErrorCode::authentication_error, std::move(message),
                           "Set the clock: a signature is valid for five minutes."),
                {});
}

/// What requests to the service showed.
struct ServiceFindings {
  std::vector<HealthCheck> checks{};  ///< reachable, credentials, permitted, clock
  std::optional<Probe> probe{};
};

ServiceFindings not_tried(const std::string& why, HealthCheck credentials, HealthCheck permitted) {
  return {.checks = {unknown("reachable", why), std::move(credentials), std::move(permitted),
                     unknown("clock", why)}};
}

ServiceFindings examine_service(const Pipeline& pipeline, const ProviderConfig& config,
                                const Call& call, const std::string& region,
                                HealthCheck credentials) {
  const Result<ModelId> model = known_model(config, {});
  if (model && model->kind == IdKind::prompt) {
    const std::string why = "Not tried: an empty call of a prompt is valid, and billed.";
    return not_tried(why, std::move(credentials), unknown("permitted", why));
  }
  const auto request = model ? empty_request(config, *model, region, Delivery::buffered)
                             : Result<UnsignedRequest>(std::unexpected(model.error()));
  if (!request) {
    return not_tried("Not tried: there is no model to call.", std::move(credentials),
                     failed("permitted", milliseconds(0), request.error(), "Set the model."));
  }
  Probe buffered = probe(pipeline, *request, call);
  HealthCheck permitted = judge_permitted(buffered);
  const bool can_stream = model->facts == nullptr || model->facts->streaming != Support::no;
  if (permitted.status == HealthStatus::pass && can_stream) {
    const auto streaming = empty_request(config, *model, region, Delivery::streaming);
    if (streaming) {
      permitted = judge_streaming(probe(pipeline, *streaming, call), std::move(permitted));
    }
  }
  return {.checks = {judge_reachable(buffered), judge_credentials(buffered, std::move(credentials)),
                     std::move(permitted), judge_clock(clock_offset(buffered))},
          .probe = std::move(buffered)};
}

/// Of a client that this process may not use.
Examination refused(base::TimePoint now, const Error& error) {
  const std::string why = "Not tried: this process may not use the client.";
  Examination found{.report = {.checked_at = now}};
  found.report.checks =
      not_tried(why, unknown("credentials", why), failed("permitted", milliseconds(0), error, {}))
          .checks;
  return found;
}

}  // namespace

Examination examine(const Pipeline& pipeline, const ProviderConfig& config, std::stop_token stop) {
  const port::System& system = *pipeline.config().system;
  Result<Call> begun = pipeline.begin({.stop = std::move(stop), .max_retries = 0});
  if (!begun) return refused(system.now(), begun.error());
  Call& call = *begun;
  call.deadline = aws::deadline_of_step(call.deadline, pipeline.config().system, kShortTime);
  Examination found{.report = {.checked_at = system.now()},
                    .region = {.region = {config.region, config.region_source}}};
  FoundCredentials credentials = look_up_credentials(pipeline, call);
  found.credentials_source = std::move(credentials.source);
  found.account_id = std::move(credentials.account_id);
  if (credentials.check.status == HealthStatus::fail) {
    const std::string why = "Not tried: there are no credentials to sign with.";
    found.report.checks =
        not_tried(why, std::move(credentials.check), unknown("permitted", why)).checks;
    return found;
  }
  Result<RegionInUse> region = region_in_use(config, call.options.stop, call.deadline);
  if (region) found.region = std::move(*region);
  ServiceFindings service = examine_service(pipeline, config, call, found.region.region.value,
                                            std::move(credentials.check));
  found.report.checks = std::move(service.checks);
  if (service.probe) {
    found.endpoint = service.probe->endpoint;
    found.clock_offset = clock_offset(*service.probe);
    if (service.probe->head.status != 0) found.latency = service.probe->duration;
  }
  return found;
}

std::optional<HealthReport> HealthCache::cached_at(
    std::chrono::system_clock::time_point now) const {
  const std::lock_guard lock(mutex_);
  const bool is_fresh =
      report_ && now - report_->checked_at < kLifetimeOfReport && now >= report_->checked_at;
  return is_fresh ? report_ : std::nullopt;
}

HealthReport HealthCache::get(const HealthOptions& options, const Pipeline& pipeline,
                              const ProviderConfig& config) const {
  // Before the lock, which counts as in flight.
  const Result<InFlight::Place> place = InFlight::enter(pipeline.config().in_flight);
  if (!place) return refused(pipeline.config().system->now(), place.error()).report;
  if (options.freshness == HealthOptions::Freshness::cached) {
    if (auto report = cached_at(pipeline.config().system->now())) {
      report->cached = true;
      return std::move(*report);
    }
  }
  HealthReport report = examine(pipeline, config, options.stop).report;
  if (options.stop.stop_requested()) return report;
  const std::lock_guard lock(mutex_);
  report_ = report;
  return report;
}

}  // namespace llm::bedrock
