#pragma once

#include <string_view>

#include <llm/error.hpp>
#include <llm/local/server.hpp>

namespace llm::local {

/// Adds the keys of a credentials file to those that a server accepts. `ini` is the text of the
/// file, in the form of AWS's shared credentials file: each section may have `aws_access_key_id`
/// with `aws_secret_access_key` and perhaps `aws_session_token`, and `aws_bearer_token_bedrock`, a
/// bearer key. Other members are left aside.
/// Errors: configuration_error that names the section or line, never a value: a file without any
/// key, half of a pair, a broken line.
[[nodiscard]] Result<void> add_credentials(std::string_view ini, ServerOptions& options);

}  // namespace llm::local
