#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include <llm/error.hpp>
#include <llm/secret.hpp>

#include "port/system.hpp"

namespace llm::aws {

/// A token of IAM Identity Center as cached by `aws sso login`.
struct SsoToken {
  Secret access_token{};
  std::chrono::system_clock::time_point expires_at{};
  Secret refresh_token{};  ///< Empty: it cannot be refreshed.
  std::string client_id{};
  Secret client_secret{};
  std::optional<std::chrono::system_clock::time_point> registration_expires_at{};
  Secret content{};  ///< The file as read.
};

/// `~/.aws/sso/cache/<sha1>.json`. `key` is the name of the session, or the start URL in the legacy
/// form. Errors: configuration_error when HOME is not set.
[[nodiscard]] Result<std::filesystem::path> sso_cache_path(const port::System& system,
                                                           std::string_view key);

/// The token in that file, or nullopt when there is no such file. Field names in any case.
/// Errors: authentication_error for any other file; configuration_error when it cannot be read.
/// Neither shows any of its content.
[[nodiscard]] Result<std::optional<SsoToken>> read_sso_token(const port::System& system,
                                                             const std::filesystem::path& path);

/// Writes the new token to the file; keeps all other members of `token.content`.
[[nodiscard]] Result<void> write_sso_token(const port::System& system,
                                           const std::filesystem::path& path,
                                           const SsoToken& token);

}  // namespace llm::aws
