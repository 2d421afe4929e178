#pragma once

#include <functional>
#include <string>

#include <llm/client.hpp>
#include <llm/error.hpp>
#include <llm/options.hpp>

namespace llm {

/// Makes a client. Reads no network; credentials are looked for at the first call.
/// Errors: configuration_error that names the member: an unknown provider, a missing model, a bad
/// region or URL, an unknown key of `extra`, an unreadable shared file or a profile that is not
/// there.
[[nodiscard]] Result<Client> create_client(const ClientConfig& config);

/// A provider's constructor.
using ProviderFactory = std::function<Result<Client>(const ClientConfig&)>;

/// Adds a provider under a name. Safe from any thread.
/// Errors: configuration_error when the name is empty or taken (`bedrock` always is).
[[nodiscard]] Result<void> register_provider(std::string name, ProviderFactory factory);

/// A configuration from `BEDROCK_MODEL` and the region from AWS_REGION, else AWS_DEFAULT_REGION.
/// The client reads the other AWS variables itself, so they are not copied: a profile named in code
/// would hide the environment's keys, and an endpoint given in code what a profile says of it.
/// Errors: configuration_error when BEDROCK_MODEL is not set.
[[nodiscard]] Result<ClientConfig> config_from_environment();

}  // namespace llm
