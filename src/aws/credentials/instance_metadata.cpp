// The role credentials and the region of an EC2 instance.
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
constexpr std::string_view kListRoles = "The request for the role of the EC2 instance";
constexpr int kNotFound = 404;

Error refused(std::string_view what, const CredentialResponse& response) {
  return refusal(what, {.status = response.head.status}, response.attempts,
                 "Check the role and the metadata options of the instance.", {});
}

class InstanceMetadataSource final : public CredentialsProvider {
 public:
  explicit InstanceMetadataSource(SourceContext context) : context_(std::move(context)) {}

  [[nodiscard]] std::string_view name() const override { return kInstanceMetadata; }

  [[nodiscard]] Result<CredentialsLookup> lookup(std::stop_token stop) const override {
    auto listed = session_.get(kRolesPath, stop);
    if (!listed) return std::unexpected(std::move(listed).error());
    if (auto* missing = std::get_if<NotConfigured>(&*listed)) return std::move(*missing);
    const auto& roles = std::get<CredentialResponse>(*listed);
    if (roles.head.status == kNotFound) return NotConfigured{"the EC2 instance has no role"};
    if (!roles.ok()) {
      return std::unexpected(refused(kListRoles, roles));
    }
    const std::string role(base::trim(base::split(roles.body.reveal(), '\n').front()));
    if (role.empty()) return NotConfigured{"the EC2 instance has no role"};
    if (!is_iam_name(role)) {
      return std::unexpected(unusable_response(kListRoles, "is not the name of a role"));
    }

    auto document =
        session_.get(std::string(kRolesPath) + base::percent_encode(role), std::move(stop));
    if (!document) return std::unexpected(std::move(document).error());
    if (auto* missing = std::get_if<NotConfigured>(&*document)) return std::move(*missing);
    return read_credentials(std::get<CredentialResponse>(*document), role);
  }

 private:
  // Returns even expired credentials: AWS accepts them while the service has problems (static
  // stability). `refreshing` decides whether to use them.
  static Result<CredentialsLookup> read_credentials(const CredentialResponse& response,
                                                    const std::string& role) {
    const std::string what = "The request for the credentials of the EC2 instance role " + role;
    if (!response.ok()) return std::unexpected(refused(what, response));
    json::Parser parser;
    const Result<json::Value> root = parser.parse(response.body.reveal());
    if (!root) return std::unexpected(unusable_response(what, "is not JSON"));
    const std::string code = text_field(*root, "Code");
    if (!code.empty() && code != "Success") {
      return std::unexpected(refusal(
          what,
          {.status = response.head.status, .code = code, .message = text_field(*root, "Message")},
          response.attempts, "Check the trust policy of the role and the instance profile.",
          {Secret(text_field(*root, "SecretAccessKey")), Secret(text_field(*root, "Token"))}));
    }
    Result<Credentials> found = read_credential_document(*root, what);
    if (!found) return std::unexpected(std::move(found).error());
    found->source = std::string(kInstanceMetadata) + ", role " + role;
    return *std::move(found);
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
  const auto* response = std::get_if<CredentialResponse>(&*found);
  if (response == nullptr || !response->ok()) return std::nullopt;
  std::string region(base::trim(response->body.reveal()));
  if (!check_region(region, kInstanceMetadata)) return std::nullopt;
  return region;
}

}  // namespace llm::aws
