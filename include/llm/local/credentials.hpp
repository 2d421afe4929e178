#pragma once

#include <string_view>

#include <llm/error.hpp>
#include <llm/local/server.hpp>

namespace llm::local {

/// Adds the credentials of a file to those that a server accepts. `ini` is the text of the file, in
/// the format of AWS's shared credentials file: each section may have `aws_access_key_id` with
/// `aws_secret_access_key` and optionally `aws_session_token`, and `aws_bearer_token_bedrock`, an
/// API key. Other members are ignored. Errors: configuration_error that names the section or line,
/// never a value: a file without credentials, half of a pair, a malformed line.
[[nodiscard]] Result<void> add_credentials(std::string_view ini, ServerOptions& options);

}  // namespace llm::local
