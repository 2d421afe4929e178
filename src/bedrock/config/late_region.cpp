#include "bedrock/config/late_region.hpp"

#include <utility>

#include "aws/credentials/sources.hpp"
#include "aws/region.hpp"

namespace llm::bedrock {
namespace {

constexpr std::string_view kWhat = "Finding the region of this machine";

RegionInUse default_region() { return {.region = {std::string(aws::kDefaultRegion), "default"}}; }

}  // namespace

Result<RegionInUse> LateRegion::settle(const std::stop_token& stop, TimeLeft limit) const {
  return asked_.answer("", kWhat, stop, limit, [&](TimeLeft left) { return ask(stop, left); });
}

Told<RegionInUse> LateRegion::ask(const std::stop_token& stop, TimeLeft limit) const {
  const TimedStop timed(stop, limit);
  Result<RegionInUse> found = look(timed.token());
  if (found) return {std::move(found), Use::kept};
  if (timed.timed_out()) return {std::unexpected(time_is_up(kWhat)), Use::own};
  const bool stopped = found.error().code == ErrorCode::cancelled;
  return {std::move(found), stopped ? Use::own : Use::shared};
}

Result<RegionInUse> LateRegion::look(std::stop_token stop) const {
  const Result<aws::CredentialsLookup> found = keys_->lookup(stop);
  if (!found) return std::unexpected(found.error());
  if (const auto* absent = std::get_if<aws::NotConfigured>(&*found)) {
    return std::unexpected(make_error(ErrorCode::authentication_error,
                                      "No AWS credentials were found. " + absent->reason));
  }
  const std::string& source = std::get<aws::Credentials>(*found).source;
  if (!source.starts_with(aws::kInstanceMetadata)) return default_region();

  Result<std::optional<std::string>> region =
      aws::instance_metadata_region(machine_, std::move(stop));
  if (!region) return std::unexpected(std::move(region.error()));
  if (*region)
    return RegionInUse{.region = {std::move(**region), std::string(aws::kInstanceMetadata)}};
  RegionInUse unanswered = default_region();
  unanswered.warnings.push_back(
      {.id = "region",
       .message =
           "The keys come from instance metadata, but it does not tell the instance's region; " +
           unanswered.region.value + " is used. Set AWS_REGION, or \"region\" in the profile."});
  return unanswered;
}

}  // namespace llm::bedrock
