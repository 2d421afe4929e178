#include <llm/bedrock/doctor.hpp>

#include <utility>

#include "bedrock/health.hpp"
#include "bedrock/pipeline.hpp"
#include "bedrock/provider_config.hpp"
#include "json/writer.hpp"
#include "port/system.hpp"

namespace llm::bedrock {
namespace {

Diagnosis describe_settings(const ProviderConfig& config) {
  Diagnosis diagnosis;
  diagnosis.model = config.model;
  diagnosis.region = config.region;
  diagnosis.region_origin = config.region_origin;
  diagnosis.endpoint = config.runtime_endpoint.url();
  diagnosis.endpoint_origin = config.runtime_endpoint_origin;
  diagnosis.identity = config.identity_origin;
  diagnosis.warnings = config.warnings;
  return diagnosis;
}

/// Which keys would sign, and for which account.
void describe_identity(const ProviderConfig& config, std::stop_token stop, Diagnosis& diagnosis) {
  const Identity& identity = config.pipeline.identity;
  if (identity.credentials == nullptr) return;
  const Result<aws::CredentialsLookup> found = identity.credentials->lookup(stop);
  if (!found) return;
  if (const auto* keys = std::get_if<aws::Credentials>(&*found)) {
    diagnosis.identity = keys->source;
    diagnosis.account_id = keys->account_id;
  }
}

}  // namespace

Result<Diagnosis> describe(const Options& options) {
  const Result<ProviderConfig> config = resolve(options, port::real_system());
  if (!config) return std::unexpected(config.error());
  return describe_settings(*config);
}

Result<Diagnosis> diagnose(const Options& options, std::stop_token stop) {
  Result<ProviderConfig> config = resolve(options, port::real_system());
  if (!config) return std::unexpected(std::move(config.error()));
  Diagnosis diagnosis = describe_settings(*config);
  describe_identity(*config, stop, diagnosis);
  const Pipeline pipeline(config->pipeline);
  diagnosis.health = check_health(pipeline, *config, stop);
  return diagnosis;
}

std::string to_json(const Diagnosis& diagnosis) {
  json::Writer out;
  out.begin_object();
  out.member("model", diagnosis.model);
  out.member("region", diagnosis.region).member("region_origin", diagnosis.region_origin);
  out.member("endpoint", diagnosis.endpoint).member("endpoint_origin", diagnosis.endpoint_origin);
  out.member("identity", diagnosis.identity);
  out.key("account_id");
  diagnosis.account_id.empty() ? out.null() : out.string(diagnosis.account_id);
  out.key("health").raw(to_json(diagnosis.health));
  out.key("warnings").begin_array();
  for (const Warning& warning : diagnosis.warnings) {
    out.begin_object().member("id", warning.id).member("message", warning.message).end_object();
  }
  out.end_array().end_object();
  return std::move(out).take();
}

}  // namespace llm::bedrock
