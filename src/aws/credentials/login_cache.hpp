#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include <llm/aws/credentials.hpp>
#include <llm/error.hpp>
#include <llm/secret.hpp>

#include "port/system.hpp"

namespace llm::aws {

/// A console session as stored by `aws login`.
struct LoginSession {
  Credentials credentials{};  ///< With `expires_at`.
  Secret refresh_token{};
  std::string client_id{};
  std::string sign_in_region{};  ///< Where it is renewed; empty: the region in use.
  Secret dpop_key{};             ///< EC P-256 private key in PEM.
  Secret content{};              ///< The file as read.
};

/// `~/.aws/login/cache/<sha256>.json` of the trimmed ARN; AWS_LOGIN_CACHE_DIRECTORY moves it.
/// Errors: configuration_error when HOME is not set.
[[nodiscard]] Result<std::filesystem::path> login_cache_path(const port::System& system,
                                                             std::string_view login_session);

/// The session in that file, or nullopt when there is no such file.
/// Errors: authentication_error for an incomplete file; configuration_error when it cannot be read.
/// Neither shows any of its content.
[[nodiscard]] Result<std::optional<LoginSession>> read_login_session(
    const port::System& system, const std::filesystem::path& path);

/// Updates credentials and refresh token in the file; keeps all other members.
[[nodiscard]] Result<void> write_login_session(const port::System& system,
                                               const std::filesystem::path& path,
                                               const LoginSession& session);

}  // namespace llm::aws
