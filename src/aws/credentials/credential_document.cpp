#include "aws/credentials/credential_document.hpp"

#include "aws/credentials/credential_call.hpp"
#include "aws/credentials/json_fields.hpp"

namespace llm::aws {

Result<Credentials> read_credential_document(const json::Value& document, std::string_view what) {
  Credentials credentials{.access_key_id = text_field(document, "AccessKeyId"),
                          .secret_access_key = Secret(text_field(document, "SecretAccessKey")),
                          .session_token = Secret(text_field(document, "Token")),
                          .account_id = text_field(document, "AccountId")};
  if (credentials.access_key_id.empty())
    return std::unexpected(unusable_response(what, "has no AccessKeyId"));
  if (credentials.secret_access_key.empty()) {
    return std::unexpected(unusable_response(what, "has no SecretAccessKey"));
  }
  if (credentials.session_token.empty())
    return std::unexpected(unusable_response(what, "has no Token"));
  const auto expires_at = read_expiration(text_field(document, "Expiration"), what);
  if (!expires_at) return std::unexpected(expires_at.error());
  credentials.expires_at = *expires_at;
  return credentials;
}

}  // namespace llm::aws
