#include "bedrock/control/model_listing.hpp"

#include <utility>

#include "base/time.hpp"
#include "bedrock/call/pipeline.hpp"
#include "bedrock/control/control_plane.hpp"
#include "bedrock/control/model_join.hpp"
#include "llm/to_json.hpp"
#include "port/system.hpp"

namespace llm::bedrock {
namespace {

/// The settings of `options`, whose model does not matter here.
Result<ProviderConfig> settings_of(Options options) {
  options.model = default_base_model();
  options.base_model.clear();
  return resolve(options, port::real_system());
}

std::string today(const ProviderConfig& config) {
  return base::iso8601_date(config.pipeline.system->now());
}

}  // namespace

ModelListing known_models(const ProviderConfig& config) {
  return {.region = config.region,
          .region_source = config.region_source,
          .models = known_from(config.region, today(config), config.catalogue.get()),
          .warnings = config.warnings};
}

Result<ModelListing> served_models(const ProviderConfig& config, std::stop_token stop) {
  const Pipeline pipeline(config.pipeline);
  const ControlPlane service(pipeline, config);
  const Result<Call> begun = pipeline.begin({.stop = std::move(stop)});
  if (!begun) return std::unexpected(begun.error());
  const Call& call = *begun;
  Result<RegionInUse> region =
      region_in_use(config, call.options.stop,
                    aws::deadline_of_step(call.deadline, config.pipeline.system, kShortTime));
  if (!region) return std::unexpected(std::move(region.error()));
  ModelListing listing{.region = region->region.value,
                       .region_source = region->region.source,
                       .warnings = config.warnings};
  for (Warning& warning : region->warnings) listing.warnings.push_back(std::move(warning));

  ServiceListing listed;
  auto models = service.list_foundation_models(listing.region, call);
  if (!models) return std::unexpected(std::move(models.error()));
  listed.models = std::move(*models);
  auto profiles = service.list_inference_profiles(listing.region, call);
  if (profiles) {
    listed.profiles = std::move(*profiles);
  } else if (profiles.error().code == ErrorCode::cancelled) {
    return std::unexpected(std::move(profiles.error()));
  } else {
    listing.warnings.push_back({.id = "inference_profiles",
                                .message = "The inference profiles are those of the catalogue. " +
                                           profiles.error().message});
  }
  listing.models = join(listing.region, today(config), config.catalogue.get(), listed);
  return listing;
}

Result<ModelListing> known_models(const Options& options) {
  const Result<ProviderConfig> config = settings_of(options);
  if (!config) return std::unexpected(config.error());
  return known_models(*config);
}

Result<ModelListing> served_models(const Options& options, std::stop_token stop) {
  const Result<ProviderConfig> config = settings_of(options);
  if (!config) return std::unexpected(config.error());
  return served_models(*config, std::move(stop));
}

std::string to_json(const ListedModel& model) {
  json::Writer writer;
  writer.begin_object();
  to_json_parts::write_model_members(model.info, writer);
  to_json_parts::write_support(model.served, writer.key("served"));
  to_json_parts::write_strings(model.callable_ids, writer.key("callable_ids"));
  writer.end_object();
  return std::move(writer).take();
}

}  // namespace llm::bedrock
