#pragma once

#include <functional>
#include <string>

#include <llm/client.hpp>
#include <llm/error.hpp>
#include <llm/options.hpp>

namespace llm {

/// Creates a client. Does not use the network; credentials are looked up by the first call.
/// Errors: configuration_error that names the member: an unknown provider, a missing model, an
/// invalid region or URL, an unknown key in `extra`, an unreadable shared file or a missing
/// profile.
[[nodiscard]] Result<Client> create_client(const ClientConfig& config);

/// Creates a provider's client.
using ProviderFactory = std::function<Result<Client>(const ClientConfig&)>;

/// Registers a provider under a name. Safe to call from any thread.
/// Errors: configuration_error if the name is empty or taken (`bedrock` always is).
[[nodiscard]] Result<void> register_provider(std::string name, ProviderFactory factory);

/// A configuration with the model from BEDROCK_MODEL and the region from AWS_REGION, else
/// AWS_DEFAULT_REGION. The client reads the other AWS variables itself. They are not copied here: a
/// profile set in code would hide the credentials in the environment, and an endpoint set in code
/// would override the profile's.
/// Errors: configuration_error if BEDROCK_MODEL is not set.
[[nodiscard]] Result<ClientConfig> config_from_environment();

}  // namespace llm
