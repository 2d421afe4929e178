#include <llm/bedrock/client.hpp>

#include "bedrock/config/provider_config.hpp"
#include "bedrock/provider.hpp"
#include "port/system.hpp"

namespace llm::bedrock {

Result<Client> create_client(Options options) {
  Result<ProviderConfig> config = resolve(options, port::real_system());
  if (!config) return std::unexpected(std::move(config.error()));
  return Client(std::make_shared<const BedrockProvider>(std::move(*config)));
}

}  // namespace llm::bedrock
