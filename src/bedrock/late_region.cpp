#include "bedrock/late_region.hpp"

#include <utility>

#include "aws/credentials/sources.hpp"
#include "aws/region.hpp"

namespace llm::bedrock {
namespace {

RegionInUse default_region() { return {.region = {std::string(aws::kDefaultRegion), "default"}}; }

}  // namespace

Result<RegionInUse> LateRegion::settle(std::stop_token stop) const {
  std::unique_lock lock(mutex_);
  if (!asked_.wait(lock, stop, [&] { return !asking_; })) {
    return std::unexpected(
        make_error(ErrorCode::cancelled, "waiting for the region of this machine was cancelled"));
  }
  if (settled_) return *settled_;

  asking_ = true;
  lock.unlock();
  Result<RegionInUse> found = ask(std::move(stop));
  lock.lock();
  asking_ = false;
  if (found) settled_ = *found;
  asked_.notify_all();
  return found;
}

Result<RegionInUse> LateRegion::ask(std::stop_token stop) const {
  const Result<aws::CredentialsLookup> found = keys_->lookup(stop);
  if (!found) return std::unexpected(found.error());
  if (const auto* absent = std::get_if<aws::Absent>(&*found)) {
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
