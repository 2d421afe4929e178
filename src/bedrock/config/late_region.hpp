#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include <llm/aws/credentials.hpp>
#include <llm/chat.hpp>
#include <llm/error.hpp>

#include "aws/credentials/context.hpp"
#include "aws/settings.hpp"
#include "bedrock/call/single_flight.hpp"

namespace llm::bedrock {

/// Where the calls go, and what there is to say about it.
struct RegionInUse {
  aws::Setting<std::string> region{};
  std::vector<Warning> warnings{};
};

/// The region of a client about which nobody has said anything: the EC2 instance's own when the
/// keys come from its metadata, else us-east-1. Asked at the first call, because making a client
/// makes no network call, and then kept. Safe from many threads.
class LateRegion {
 public:
  LateRegion(aws::SourceContext machine, std::shared_ptr<const aws::CredentialsProvider> keys)
      : machine_(std::move(machine)), keys_(std::move(keys)) {}

  /// Looks up the keys, and asks the instance when they are its. One caller asks, others wait for
  /// it and share what comes of it.
  /// Errors: the lookup's, authentication_error when there are no keys, timeout_error; they are not
  /// kept. cancelled.
  [[nodiscard]] Result<RegionInUse> settle(const std::stop_token& stop, TimeLeft limit) const;

 private:
  [[nodiscard]] Told<RegionInUse> ask(const std::stop_token& stop, TimeLeft limit) const;
  [[nodiscard]] Result<RegionInUse> look(std::stop_token stop) const;

  aws::SourceContext machine_;
  std::shared_ptr<const aws::CredentialsProvider> keys_;
  SingleFlight<RegionInUse> asked_{};  ///< One, without a name.
};

}  // namespace llm::bedrock
