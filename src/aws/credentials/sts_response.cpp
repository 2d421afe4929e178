#include "aws/credentials/sts_response.hpp"

#include <optional>
#include <string>

#include "aws/protocol/service_error.hpp"
#include "base/text.hpp"
#include "base/xml.hpp"

namespace llm::aws {
namespace {

// `arn:aws:sts::123456789012:assumed-role/...`; empty for anything else.
std::string account_of(std::string_view arn) {
  const auto parts = base::split(arn, ':');
  return parts.size() > 5 && parts[0] == "arn" ? std::string(parts[4]) : std::string();
}

// The `...Result` inside the `...Response`, or null.
const base::XmlElement* result_of(const base::XmlElement& root) {
  if (!root.name.ends_with("Response")) return nullptr;
  for (const base::XmlElement& child : root.children) {
    if (child.name.ends_with("Result")) return &child;
  }
  return nullptr;
}

}  // namespace

Result<Credentials> read_sts_credentials(std::string_view xml, std::string_view what) {
  const std::optional<base::XmlElement> root = base::parse_xml(xml);
  const base::XmlElement* result = root ? result_of(*root) : nullptr;
  if (result == nullptr) return std::unexpected(unusable_response(what, "is not STS XML"));
  const auto text = [result](std::string_view name) {
    return std::string(result->text_at({"Credentials", name}));
  };
  Credentials found{.access_key_id = text("AccessKeyId"),
                    .secret_access_key = Secret(text("SecretAccessKey")),
                    .session_token = Secret(text("SessionToken")),
                    .expires_at = std::nullopt,
                    .account_id = account_of(result->text_at({"AssumedRoleUser", "Arn"}))};
  if (found.access_key_id.empty() || found.secret_access_key.empty() ||
      found.session_token.empty()) {
    return std::unexpected(unusable_response(what, "lacks part of the credentials"));
  }
  const auto expires_at = read_expiration(text("Expiration"), what);
  if (!expires_at) return std::unexpected(expires_at.error());
  found.expires_at = *expires_at;
  return found;
}

ServiceError read_sts_error(const CredentialResponse& response) {
  ServiceError error;
  error.status = response.head.status;
  error.request_id = request_id(response.head);
  const std::optional<base::XmlElement> root = base::parse_xml(response.body.reveal());
  if (!root) return error;
  error.code = root->text_at({"Error", "Code"});
  error.message = root->text_at({"Error", "Message"});
  const std::string_view id = root->text_at({"RequestId"});
  if (!id.empty()) error.request_id = id;
  return error;
}

RetryKind retry_sts_response(const CredentialResponse& response) {
  const ServiceError error = read_sts_error(response);
  return retry_kind(error.status, error.code);
}

}  // namespace llm::aws
