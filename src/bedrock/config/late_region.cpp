#include "bedrock/config/late_region.hpp"

#include <utility>

#include "aws/credentials/sources.hpp"
#include "aws/region.hpp"
#include "bedrock/call/authorizer.hpp"

namespace llm::bedrock {
namespace {

constexpr std::string_view kSubject = "Finding the region of this machine";

RegionInUse default_region() { return {.region = {std::string(aws::kDefaultRegion), "default"}}; }

Result<RegionInUse> find_region(const aws::SourceContext& machine,
                                const aws::CredentialsProvider& credentials,
                                const std::stop_token& stop) {
  const Result<aws::CredentialsLookup> found = credentials.lookup(stop);
  if (!found) return std::unexpected(found.error());
  if (const auto* not_configured = std::get_if<aws::NotConfigured>(&*found)) {
    return std::unexpected(missing_credentials(*not_configured));
  }
  const std::string& source = std::get<aws::Credentials>(*found).source;
  if (!source.starts_with(aws::kInstanceMetadata)) return default_region();

  Result<std::optional<std::string>> region = aws::instance_metadata_region(machine, stop);
  if (!region) return std::unexpected(std::move(region.error()));
  if (*region) {
    return RegionInUse{.region = {std::move(**region), std::string(aws::kInstanceMetadata)}};
  }
  RegionInUse unknown = default_region();
  unknown.warnings.push_back(
      {.id = "region",
       .message = "The credentials come from instance metadata, which does not give a region. "
                  "Using " +
                  unknown.region.value + ". Set AWS_REGION, or \"region\" in the profile."});
  return unknown;
}

LateRegion::Lookups::Outcome outcome_of(Result<RegionInUse> found) {
  if (found) return {std::move(found), aws::Sharing::cached};
  const bool is_stopped = found.error().code == ErrorCode::cancelled;
  return {std::move(found), is_stopped ? aws::Sharing::unshared : aws::Sharing::uncached};
}

auto lookup_job(const aws::SourceContext& machine,
                std::shared_ptr<const aws::CredentialsProvider> credentials) {
  return [machine, credentials = std::move(credentials)](const std::stop_token& abandoned) {
    return outcome_of(find_region(machine, *credentials, abandoned));
  };
}

}  // namespace

Result<RegionInUse> LateRegion::get(const std::stop_token& stop,
                                    const std::optional<aws::Deadline>& deadline) const {
  const aws::WaitLimits limits{.subject = kSubject, .stop = stop, .deadline = deadline};
  if (!deadline) {
    return lookups_.get({}, limits,
                        [&] { return outcome_of(find_region(machine_, *credentials_, stop)); });
  }
  return lookups_.get_on(on_pool(*pool_), {}, limits, lookup_job(machine_, credentials_));
}

LateRegion::Lookups::Joined LateRegion::join() const {
  return lookups_.join(on_pool(*pool_), {}, lookup_job(machine_, credentials_));
}

}  // namespace llm::bedrock
