#include <llm/factory.hpp>

#include <map>
#include <mutex>
#include <utility>

#include "base/errors.hpp"
#include "factory/bedrock_options.hpp"
#include "factory/environment.hpp"
#include "port/system.hpp"

namespace llm {
namespace {

constexpr std::string_view kBedrock = "bedrock";

/// Providers registered by the program; the only global state of the library.
struct Registry {
  std::mutex mutex;
  std::map<std::string, ProviderFactory, std::less<>> factories;
};

Registry& registry() {
  static Registry instance;
  return instance;
}

Error unknown_provider(const std::string& name, const Registry& known) {
  std::string names(kBedrock);
  for (const auto& [other, factory] : known.factories) names += ", " + other;
  return make_error(
      ErrorCode::configuration_error,
      name.empty() ? "The provider is not set." : "The provider \"" + name + "\" is unknown.",
      "Known providers: " + names + ".");
}

Result<Client> create_bedrock(const ClientConfig& config) {
  Result<bedrock::Options> options = factory::bedrock_options(config);
  if (!options) return std::unexpected(std::move(options.error()));
  return bedrock::create_client(std::move(*options));
}

}  // namespace

Result<Client> create_client(const ClientConfig& config) {
  if (config.provider == kBedrock) return create_bedrock(config);
  Registry& known = registry();
  ProviderFactory factory;
  {
    const std::lock_guard lock(known.mutex);
    const auto found = known.factories.find(config.provider);
    if (found == known.factories.end()) {
      return std::unexpected(unknown_provider(config.provider, known));
    }
    factory = found->second;
  }
  return factory(config);
}

Result<void> register_provider(std::string name, ProviderFactory factory) {
  if (name.empty() || !factory) {
    return base::configuration_error("register_provider needs a name and a function.");
  }
  Registry& known = registry();
  const std::lock_guard lock(known.mutex);
  const bool taken = name == kBedrock || known.factories.contains(name);
  if (taken) {
    return base::configuration_error("The provider \"" + name + "\" is already registered.");
  }
  known.factories.emplace(std::move(name), std::move(factory));
  return {};
}

Result<ClientConfig> config_from_environment() {
  return factory::config_from_environment(*port::real_system());
}

}  // namespace llm
