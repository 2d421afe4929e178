#include <llm/bedrock/doctor.hpp>

#include <utility>

#include "bedrock/call/pipeline.hpp"
#include "bedrock/health/diagnosis.hpp"
#include "bedrock/health/health.hpp"
#include "json/writer.hpp"
#include "port/system.hpp"

namespace llm::bedrock {
namespace {

void write_or_null(std::optional<std::chrono::milliseconds> duration, json::Writer& out) {
  duration ? out.integer(duration->count()) : out.null();
}

}  // namespace

Diagnosis describe(const ProviderConfig& config) {
  Diagnosis diagnosis;
  diagnosis.model = config.model;
  diagnosis.region = config.region;
  diagnosis.region_source = config.region_source;
  const Result<ModelId> model = known_model(config, {});
  const bool is_on_mantle = model && uses_mantle(config, *model);
  diagnosis.endpoint = (is_on_mantle ? config.mantle_endpoint : config.runtime_endpoint).url();
  diagnosis.endpoint_source =
      is_on_mantle ? config.mantle_endpoint_source : config.runtime_endpoint_source;
  diagnosis.identity = config.identity_source;
  diagnosis.warnings = config.warnings;
  for (const std::string& text : config.file_warnings) {
    diagnosis.warnings.push_back({.id = "shared_files", .message = text});
  }
  return diagnosis;
}

Diagnosis diagnose(const ProviderConfig& config, std::stop_token stop) {
  Diagnosis diagnosis = describe(config);
  Examination found = examine(Pipeline(config.pipeline), config, std::move(stop));
  if (!found.credentials_source.empty()) {
    diagnosis.identity = std::move(found.credentials_source);
  }
  diagnosis.account_id = std::move(found.account_id);
  diagnosis.region = std::move(found.region.region.value);
  diagnosis.region_source = std::move(found.region.region.source);
  if (!found.endpoint.empty()) diagnosis.endpoint = std::move(found.endpoint);
  diagnosis.clock_offset = found.clock_offset;
  diagnosis.latency = found.latency;
  diagnosis.health = std::move(found.report);
  for (Warning& warning : found.region.warnings) {
    diagnosis.warnings.push_back(std::move(warning));
  }
  return diagnosis;
}

Result<Diagnosis> describe(const Options& options) {
  const Result<ProviderConfig> config = resolve(options, port::real_system());
  if (!config) return std::unexpected(config.error());
  return describe(*config);
}

Result<Diagnosis> diagnose(const Options& options, std::stop_token stop) {
  const Result<ProviderConfig> config = resolve(options, port::real_system());
  if (!config) return std::unexpected(config.error());
  return diagnose(*config, std::move(stop));
}

std::string to_json(const Diagnosis& diagnosis) {
  json::Writer out;
  out.begin_object();
  out.member("model", diagnosis.model);
  out.member("region", diagnosis.region).member("region_source", diagnosis.region_source);
  out.member("endpoint", diagnosis.endpoint).member("endpoint_source", diagnosis.endpoint_source);
  out.member("identity", diagnosis.identity);
  out.key("account_id");
  diagnosis.account_id.empty() ? out.null() : out.string(diagnosis.account_id);
  write_or_null(diagnosis.clock_offset, out.key("clock_offset_ms"));
  write_or_null(diagnosis.latency, out.key("latency_ms"));
  out.key("health").raw(to_json(diagnosis.health));
  out.key("warnings").begin_array();
  for (const Warning& warning : diagnosis.warnings) {
    out.begin_object().member("id", warning.id).member("message", warning.message).end_object();
  }
  out.end_array().end_object();
  return std::move(out).take();
}

}  // namespace llm::bedrock
