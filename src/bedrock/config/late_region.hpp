#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

#include <llm/aws/credentials.hpp>
#include <llm/chat.hpp>
#include <llm/error.hpp>

#include "aws/credentials/context.hpp"
#include "aws/deadline.hpp"
#include "aws/settings.hpp"
#include "aws/single_flight.hpp"
#include "bedrock/call/lookup_pool.hpp"

namespace llm::bedrock {

/// The region of a client's calls, and warnings about how it was found.
struct RegionInUse {
  aws::Setting<std::string> region{};
  std::vector<Warning> warnings{};
};

/// The region of a client for which none is configured: that of the EC2 instance when the
/// credentials come from its metadata, else us-east-1. Looked up by the first call, because making
/// a client makes no network call, and then cached. Safe from many threads.
class LateRegion {
 public:
  LateRegion(aws::SourceContext machine,
             std::shared_ptr<const aws::CredentialsProvider> credentials,
             std::shared_ptr<LookupPool> pool)
      : machine_(std::move(machine)),
        credentials_(std::move(credentials)),
        pool_(std::move(pool)) {}

  /// Concurrent callers share one lookup.
  /// Errors: the lookup's, authentication_error without credentials; these are not cached.
  /// timeout_error and cancelled of this caller.
  [[nodiscard]] Result<RegionInUse> get(const std::stop_token& stop,
                                        const std::optional<aws::Deadline>& deadline) const;

  using Lookups = aws::SingleFlight<std::monostate, RegionInUse>;
  /// The same without waiting: joins the lookup that is on its way, or begins one on the pool.
  [[nodiscard]] Lookups::Joined join() const;

 private:
  aws::SourceContext machine_;
  std::shared_ptr<const aws::CredentialsProvider> credentials_;
  std::shared_ptr<LookupPool> pool_;
  Lookups lookups_{};
};

}  // namespace llm::bedrock
