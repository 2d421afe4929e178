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

/// A configuration from `BEDROCK_MODEL` and the AWS variables that name a place: region from
/// AWS_REGION, else AWS_DEFAULT_REGION; endpoints from AWS_ENDPOINT_URL_BEDROCK_RUNTIME,
/// AWS_ENDPOINT_URL_BEDROCK and AWS_ENDPOINT_URL, unless AWS_IGNORE_CONFIGURED_ENDPOINT_URLS is
/// true. Credentials and AWS_PROFILE are not copied: the client reads them itself, and a profile
/// named in code would hide the environment's keys. Errors: configuration_error when BEDROCK_MODEL
/// is not set.
[[nodiscard]] Result<ClientConfig> config_from_environment();

}  // namespace llm
