#include "aws/credentials/credential_document.hpp"

#include "aws/credentials/credential_call.hpp"
#include "aws/credentials/json_fields.hpp"
#include "base/time.hpp"

namespace llm::aws {

Result<Credentials> read_credential_document(const json::Value& document, std::string_view what) {
  Credentials keys{.access_key_id = text_field(document, "AccessKeyId"),
                   .secret_access_key = Secret(text_field(document, "SecretAccessKey")),
                   .session_token = Secret(text_field(document, "Token")),
                   .account_id = text_field(document, "AccountId")};
  if (keys.access_key_id.empty())
    return std::unexpected(unusable_response(what, "has no AccessKeyId"));
  if (keys.secret_access_key.empty()) {
    return std::unexpected(unusable_response(what, "has no SecretAccessKey"));
  }
  if (keys.session_token.empty()) return std::unexpected(unusable_response(what, "has no Token"));
  keys.expires_at = base::parse_rfc3339(text_field(document, "Expiration"));
  if (!keys.expires_at) {
    return std::unexpected(unusable_response(what, "has no Expiration that is an RFC 3339 time"));
  }
  return keys;
}

}  // namespace llm::aws
