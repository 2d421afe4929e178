#include "aws/credentials/login_cache.hpp"

#include <utility>

#include "aws/credentials/json_fields.hpp"
#include "aws/credentials/limits.hpp"
#include "aws/shared_config.hpp"
#include "aws/variable.hpp"
#include "base/sha256.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "json/reader.hpp"
#include "json/writer.hpp"

namespace llm::aws {
namespace {

Error damaged_session(const std::filesystem::path& path, std::string_view problem) {
  return make_error(
      ErrorCode::authentication_error,
      "The cached login session in \"" + path.string() + "\" " + std::string(problem) + ".",
      "Run \"aws login\".");
}

}  // namespace

Result<std::filesystem::path> login_cache_path(const port::System& system,
                                               std::string_view login_session) {
  const auto directory = variable(system, "AWS_LOGIN_CACHE_DIRECTORY");
  const auto folder = expand_home(system, directory.value_or("~/.aws/login/cache"));
  if (!folder) {
    return std::unexpected(
        make_error(ErrorCode::configuration_error,
                   "Login sessions are stored below the home directory, but HOME "
                   "is not set.",
                   "Set HOME or AWS_LOGIN_CACHE_DIRECTORY."));
  }
  return *folder / (base::hex(base::sha256(base::trim(login_session))) + ".json");
}

Result<std::optional<LoginSession>> read_login_session(const port::System& system,
                                                       const std::filesystem::path& path) {
  auto content = system.read_file(path, kMaxCredentialFileBytes);
  if (!content) return std::unexpected(content.error());
  if (!*content) return std::nullopt;
  LoginSession session{.content = Secret(**std::move(content))};
  json::Parser parser;
  const Result<json::Value> root = parser.parse(session.content.reveal());
  if (!root || !root->is_object())
    return std::unexpected(damaged_session(path, "is not a JSON object"));
  const json::Value token = field(*root, "accessToken");
  session.credentials = {.access_key_id = text_field(token, "accessKeyId"),
                         .secret_access_key = Secret(text_field(token, "secretAccessKey")),
                         .session_token = Secret(text_field(token, "sessionToken")),
                         .expires_at = base::time_in(text_field(token, "expiresAt")),
                         .account_id = text_field(token, "accountId")};
  if (session.credentials.access_key_id.empty() || session.credentials.secret_access_key.empty() ||
      session.credentials.session_token.empty() || !session.credentials.expires_at) {
    return std::unexpected(damaged_session(path, "lacks part of the credentials"));
  }
  session.refresh_token = Secret(text_field(*root, "refreshToken"));
  session.client_id = text_field(*root, "clientId");
  session.sign_in_region = text_field(*root, "signInRegion");
  session.dpop_key = Secret(text_field(*root, "dpopKey"));
  return session;
}

Result<void> write_login_session(const port::System& system, const std::filesystem::path& path,
                                 const LoginSession& session) {
  json::Parser parser;
  const Result<json::Value> root = parser.parse(session.content.reveal());
  if (!root) return std::unexpected(damaged_session(path, "is not a JSON object"));
  const Credentials& credentials = session.credentials;
  const std::string expires_at = base::iso8601(credentials.expires_at.value_or(base::TimePoint()));
  const Secret token(
      with_fields(field(*root, "accessToken"),
                  {{"accessKeyId", json::quoted(credentials.access_key_id)},
                   {"secretAccessKey", json::quoted(credentials.secret_access_key.reveal())},
                   {"sessionToken", json::quoted(credentials.session_token.reveal())},
                   {"expiresAt", json::quoted(expires_at)}}));
  const Secret text(
      with_fields(*root, {{"accessToken", std::string(token.reveal())},
                          {"refreshToken", json::quoted(session.refresh_token.reveal())}}));
  return system.write_private_file(path, text.reveal());
}

}  // namespace llm::aws
