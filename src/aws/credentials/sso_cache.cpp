#include "aws/credentials/sso_cache.hpp"

#include <utility>

#include "aws/credentials/json_fields.hpp"
#include "aws/credentials/limits.hpp"
#include "aws/shared_config.hpp"
#include "base/sha256.hpp"
#include "base/time.hpp"
#include "json/reader.hpp"
#include "json/writer.hpp"

namespace llm::aws {
namespace {

Error damaged_token(const std::filesystem::path& path, std::string_view problem) {
  return make_error(ErrorCode::authentication_error,
                    "The cached token of IAM Identity Center in \"" + path.string() + "\" " +
                        std::string(problem) + ".",
                    "Run \"aws sso login\".");
}

}  // namespace

Result<std::filesystem::path> sso_cache_path(const port::System& system, std::string_view key) {
  const auto home = home_directory(system);
  if (!home) {
    return std::unexpected(make_error(ErrorCode::configuration_error,
                                      "The token of IAM Identity Center is stored below the home "
                                      "directory, but HOME is not set.",
                                      "Set HOME."));
  }
  return *home / ".aws" / "sso" / "cache" / (base::sha1_hex(key) + ".json");
}

Result<std::optional<SsoToken>> read_sso_token(const port::System& system,
                                               const std::filesystem::path& path) {
  auto content = system.read_file(path, kMaxCredentialFileBytes);
  if (!content) return std::unexpected(content.error());
  if (!*content) return std::nullopt;
  SsoToken token{.content = Secret(**std::move(content))};
  json::Parser parser;
  const Result<json::Value> root = parser.parse(token.content.reveal());
  if (!root || !root->is_object())
    return std::unexpected(damaged_token(path, "is not a JSON object"));
  token.access_token = Secret(text_field(*root, "accessToken"));
  const auto expires_at = base::time_in(text_field(*root, "expiresAt"));
  if (token.access_token.empty() || !expires_at) {
    return std::unexpected(damaged_token(path, "has no accessToken with an expiresAt"));
  }
  token.expires_at = *expires_at;
  token.refresh_token = Secret(text_field(*root, "refreshToken"));
  token.client_id = text_field(*root, "clientId");
  token.client_secret = Secret(text_field(*root, "clientSecret"));
  token.registration_expires_at = base::time_in(text_field(*root, "registrationExpiresAt"));
  return token;
}

Result<void> write_sso_token(const port::System& system, const std::filesystem::path& path,
                             const SsoToken& token) {
  json::Parser parser;
  const Result<json::Value> root = parser.parse(token.content.reveal());
  if (!root) return std::unexpected(damaged_token(path, "is not a JSON object"));
  const Secret text(
      with_fields(*root, {{"accessToken", json::quoted(token.access_token.reveal())},
                          {"expiresAt", json::quoted(base::iso8601(token.expires_at))},
                          {"refreshToken", json::quoted(token.refresh_token.reveal())}}));
  return system.write_private_file(path, text.reveal());
}

}  // namespace llm::aws
