#include "factory/default_chain.hpp"

#include <utility>

#include "aws/credentials/sources.hpp"
#include "aws/region.hpp"
#include "aws/settings.hpp"
#include "http/curl_transport.hpp"

namespace llm {

Result<std::shared_ptr<const aws::CredentialsProvider>> factory::default_chain_on(
    std::shared_ptr<const port::System> system, const aws::DefaultChainOptions& options) {
  auto config = aws::load_shared_config(*system);
  if (!config) return std::unexpected(std::move(config.error()));
  const auto profile = aws::profile_name(*system, options.profile);
  auto settings = aws::load_settings(*system, *config, profile.name);
  if (!settings) return std::unexpected(std::move(settings.error()));
  auto region = aws::resolve_region(*system, *config, profile.name, options.region);
  if (!region) return std::unexpected(std::move(region.error()));

  http::CurlOptions curl;
  if (settings->ca_bundle) curl.ca_bundle = settings->ca_bundle->value;
  return aws::resolve_default_chain({
      .system = std::move(system),
      .transport = http::curl_transport(std::move(curl)),
      .config = std::make_shared<const aws::SharedConfig>(std::move(*config)),
      .profile = profile.name,
      .profile_in_code = !options.profile.empty(),
      .region = std::move(region->value),
      .variant = settings->variant,
      .mfa = options.mfa,
  });
}

Result<std::shared_ptr<const aws::CredentialsProvider>> aws::default_chain(
    const DefaultChainOptions& options) {
  return factory::default_chain_on(port::real_system(), options);
}

}  // namespace llm
