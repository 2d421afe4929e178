#pragma once

#include <string>

#include <llm/error.hpp>
#include <llm/local/server.hpp>

namespace cli {

/// Adds credentials that the local Bedrock accepts: those of a credentials file if `path` is not
/// empty, and those of the environment (BEDROCK_LOCAL_ACCESS_KEY_ID with
/// BEDROCK_LOCAL_SECRET_ACCESS_KEY and optionally BEDROCK_LOCAL_SESSION_TOKEN;
/// BEDROCK_LOCAL_API_KEY).
/// Errors: configuration_error that names the file or variable, never a value.
[[nodiscard]] llm::Result<void> add_accepted_credentials(const std::string& path,
                                                         llm::local::ServerOptions& options);

}  // namespace cli
