// The role and the region of an EC2 instance.
#include <optional>
#include <string>
#include <utility>

#include "aws/credentials/credential_document.hpp"
#include "aws/credentials/iam_name.hpp"
#include "aws/credentials/json_fields.hpp"
#include "aws/credentials/metadata_session.hpp"
#include "aws/credentials/sources.hpp"
#include "aws/endpoint.hpp"
#include "base/percent.hpp"
#include "base/text.hpp"
#include "json/reader.hpp"

namespace llm::aws {
namespace {

constexpr std::string_view kRolesPath = "/latest/meta-data/iam/security-credentials/";
constexpr std::string_view kRegionPath = "/latest/meta-data/placement/region";
constexpr int kNotFound = 404;

Error refused(std::string_view what, const CredentialResponse& answer) {
  return refusal(what, {.status = answer.head.status}, answer.attempts,
                 "check the instance's role and metadata options", {});
}

class InstanceMetadataSource final : public CredentialsProvider {
 public:
  explicit InstanceMetadataSource(SourceContext context) : context_(std::move(context)) {}

  [[nodiscard]] std::string_view name() const override { return kInstanceMetadata; }

  [[nodiscard]] Result<CredentialsLookup> lookup(std::stop_token stop) const override {
    auto listed = session_.get(kRolesPath, stop);
    if (!listed) return std::unexpected(std::move(listed).error());
    if (auto* absent = std::get_if<NotConfigured>(&*listed)) return std::move(*absent);
    const auto& roles = std::get<CredentialResponse>(*listed);
    if (roles.head.status == kNotFound) return NotConfigured{"the EC2 instance has no role"};
    if (!roles.ok()) {
      return std::unexpected(refused("listing the roles of the EC2 instance", roles));
    }
    const std::string role(base::trim(base::split(roles.body.reveal(), '\n').front()));
    if (role.empty()) return NotConfigured{"the EC2 instance has no role"};
    if (!is_iam_name(role)) {
      return std::unexpected(
          unusable_response("listing the roles of the EC2 instance", "is no role's name"));
    }

    auto document =
        session_.get(std::string(kRolesPath) + base::percent_encode(role), std::move(stop));
    if (!document) return std::unexpected(std::move(document).error());
    if (auto* absent = std::get_if<NotConfigured>(&*document)) return std::move(*absent);
    return read_keys(std::get<CredentialResponse>(*document), role);
  }

 private:
  // Keys that have expired are handed out as they are: AWS lets them be used while the service is
  // in trouble (static stability), and the one who keeps them decides.
  static Result<CredentialsLookup> read_keys(const CredentialResponse& answer,
                                             const std::string& role) {
    const std::string what = "getting the keys of the EC2 instance's role " + role;
    if (!answer.ok()) return std::unexpected(refused(what, answer));
    json::Parser parser;
    const Result<json::Value> root = parser.parse(answer.body.reveal());
    if (!root) return std::unexpected(unusable_response(what, "is no JSON"));
    const std::string code = text_field(*root, "Code");
    if (!code.empty() && code != "Success") {
      return std::unexpected(refusal(
          what,
          {.status = answer.head.status, .code = code, .message = text_field(*root, "Message")},
          answer.attempts, "check the role's trust policy and the instance profile",
          {Secret(text_field(*root, "SecretAccessKey")), Secret(text_field(*root, "Token"))}));
    }
    Result<Credentials> keys = read_credential_document(*root, what);
    if (!keys) return std::unexpected(std::move(keys).error());
    keys->source = std::string(kInstanceMetadata) + ", role " + role;
    return *std::move(keys);
  }

  SourceContext context_;
  MetadataSession session_{context_};
};

}  // namespace

ProviderPtr instance_metadata_source(SourceContext context) {
  return std::make_shared<InstanceMetadataSource>(std::move(context));
}

Result<std::optional<std::string>> instance_metadata_region(const SourceContext& context,
                                                            std::stop_token stop) {
  const MetadataSession session(context);
  auto found = session.get(kRegionPath, std::move(stop));
  if (!found) {
    if (found.error().code == ErrorCode::cancelled) return std::unexpected(found.error());
    return std::nullopt;
  }
  const auto* answer = std::get_if<CredentialResponse>(&*found);
  if (answer == nullptr || !answer->ok()) return std::nullopt;
  std::string region(base::trim(answer->body.reveal()));
  if (!check_region(region, "the instance's region")) return std::nullopt;
  return region;
}

}  // namespace llm::aws
