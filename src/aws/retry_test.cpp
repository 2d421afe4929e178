#include "aws/retry.hpp"

#include <cmath>
#include <string>

#include <gtest/gtest.h>

namespace llm::aws {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

TEST(RetryKind, follows_the_lists_of_the_standard_mode) {
  const struct {
    int status;
    const char* name;
    RetryKind kind;
  } cases[] = {
      // Bedrock Runtime, by its service model.
      {429, "ThrottlingException", RetryKind::throttling},
      {429, "ModelNotReadyException", RetryKind::transient},
      {503, "ServiceUnavailableException", RetryKind::transient},
      {500, "InternalServerException", RetryKind::transient},
      {408, "ModelTimeoutException", RetryKind::never},
      {424, "ModelErrorException", RetryKind::never},
      {424, "ModelStreamErrorException", RetryKind::never},
      {400, "ServiceQuotaExceededException", RetryKind::never},
      {400, "ValidationException", RetryKind::never},
      {400, "ConflictException", RetryKind::never},
      {403, "AccessDeniedException", RetryKind::never},
      {404, "ResourceNotFoundException", RetryKind::never},
      // The name takes precedence over the status.
      {503, "ModelTimeoutException", RetryKind::never},
      {429, "ServiceQuotaExceededException", RetryKind::never},
      {500, "ModelErrorException", RetryKind::never},
      {503, "SlowDown", RetryKind::throttling},
      {400, "Throttling", RetryKind::throttling},
      // Throttling names.
      {400, "ThrottledException", RetryKind::throttling},
      {400, "RequestThrottledException", RetryKind::throttling},
      {400, "TooManyRequestsException", RetryKind::throttling},
      {400, "ProvisionedThroughputExceededException", RetryKind::throttling},
      {400, "TransactionInProgressException", RetryKind::throttling},
      {400, "RequestLimitExceeded", RetryKind::throttling},
      {400, "BandwidthLimitExceeded", RetryKind::throttling},
      {400, "LimitExceededException", RetryKind::throttling},
      {400, "RequestThrottled", RetryKind::throttling},
      {400, "PriorRequestNotComplete", RetryKind::throttling},
      {400, "EC2ThrottledException", RetryKind::throttling},
      // Transient names.
      {400, "RequestTimeout", RetryKind::transient},
      {400, "RequestTimeoutException", RetryKind::transient},
      {400, "IDPCommunicationError", RetryKind::transient},
      {0, "ServiceUnavailableException", RetryKind::transient},
      {0, "InternalServerException", RetryKind::transient},
      // By status alone, as from proxies.
      {429, "", RetryKind::throttling},
      {500, "", RetryKind::transient},
      {502, "", RetryKind::transient},
      {503, "Unknown", RetryKind::transient},
      {504, "", RetryKind::transient},
      {501, "", RetryKind::never},
      {505, "", RetryKind::never},
      {408, "", RetryKind::never},
      {400, "", RetryKind::never},
      {301, "", RetryKind::never},
      {200, "UnknownOperationException", RetryKind::never},
      {0, "", RetryKind::never},
      // Names are compared whole and by case.
      {400, "throttlingexception", RetryKind::never},
      {400, "ThrottlingExceptio", RetryKind::never},
  };
  for (const auto& row : cases) {
    EXPECT_EQ(retry_kind(row.status, row.name), row.kind) << row.status << " " << row.name;
  }
}

TEST(RetryDelay, doubles_from_its_base_up_to_the_limit_before_the_random_factor) {
  const double almost_one = std::nextafter(1.0, 0.0);
  const struct {
    RetryKind kind;
    int attempt;
    double random;
    milliseconds delay;
  } cases[] = {
      {RetryKind::transient, 1, 0.0, 0ms},
      {RetryKind::transient, 1, 0.5, 25ms},
      {RetryKind::transient, 1, almost_one, 49ms},
      {RetryKind::transient, 2, 0.5, 50ms},
      {RetryKind::transient, 2, almost_one, 99ms},
      {RetryKind::transient, 3, 0.5, 100ms},
      {RetryKind::transient, 9, 0.5, 6400ms},
      {RetryKind::transient, 10, 0.5, 10'000ms},
      {RetryKind::transient, 10, almost_one, 19'999ms},
      {RetryKind::throttling, 1, 0.0, 0ms},
      {RetryKind::throttling, 1, 0.5, 500ms},
      {RetryKind::throttling, 1, almost_one, 999ms},
      {RetryKind::throttling, 2, 0.5, 1000ms},
      {RetryKind::throttling, 5, 0.5, 8000ms},
      {RetryKind::throttling, 6, 0.5, 10'000ms},
      {RetryKind::throttling, 6, almost_one, 19'999ms},
      {RetryKind::throttling, 1'000'000, 0.0, 0ms},
      {RetryKind::throttling, 2'000'000'000, 0.25, 5000ms},
  };
  for (const auto& row : cases) {
    EXPECT_EQ(retry_delay({}, row.kind, row.attempt, row.random, std::nullopt), row.delay)
        << "attempt " << row.attempt << ", random " << row.random;
  }
}

TEST(RetryDelay, clamps_the_servers_hint_to_the_delay_and_five_seconds_more) {
  const struct {
    milliseconds hint;
    milliseconds delay;
  } cases[] = {
      {0ms, 500ms},     {499ms, 500ms},
      {500ms, 500ms},   {501ms, 501ms},
      {5499ms, 5499ms}, {5500ms, 5500ms},
      {5501ms, 5500ms}, {24h, 5500ms},
      {-1ms, 500ms},    {milliseconds::max(), 5500ms},
  };
  for (const auto& row : cases) {
    EXPECT_EQ(retry_delay({}, RetryKind::throttling, 1, 0.5, row.hint), row.delay)
        << row.hint.count();
  }
}

TEST(RetryDelay, follows_the_policy) {
  const RetryPolicy policy{
      .transient_base = 10ms, .throttling_base = 20ms, .max_delay = 30ms, .max_over_hint = 5ms};

  EXPECT_EQ(retry_delay(policy, RetryKind::transient, 2, 0.5, std::nullopt), 10ms);
  EXPECT_EQ(retry_delay(policy, RetryKind::throttling, 2, 0.5, std::nullopt), 15ms);
  EXPECT_EQ(retry_delay(policy, RetryKind::throttling, 2, 0.5, 1h), 20ms);
}

TEST(RetryQuota, lasts_for_35_transient_retries) {
  RetryQuota quota;

  int retries = 0;
  while (quota.acquire(RetryKind::transient) == 14) ++retries;

  EXPECT_EQ(retries, 35);
  EXPECT_EQ(quota.available(), 10);
}

TEST(RetryQuota, lasts_for_100_throttled_retries) {
  RetryQuota quota;

  int retries = 0;
  while (quota.acquire(RetryKind::throttling) == 5) ++retries;

  EXPECT_EQ(retries, 100);
  EXPECT_EQ(quota.available(), 0);
}

TEST(RetryQuota, allows_a_cheaper_retry_when_it_cannot_pay_for_a_dearer_one) {
  RetryQuota quota;
  while (quota.acquire(RetryKind::transient)) {
  }

  EXPECT_EQ(quota.acquire(RetryKind::throttling), 5);
  EXPECT_EQ(quota.acquire(RetryKind::transient), std::nullopt);
}

TEST(RetryQuota, pays_for_no_retry_of_what_is_never_retried) {
  RetryQuota quota;

  EXPECT_EQ(quota.acquire(RetryKind::never), std::nullopt);
  EXPECT_EQ(quota.available(), RetryQuota::kCapacity);
}

TEST(RetryQuota, gets_back_the_last_cost_of_a_success_or_one) {
  RetryQuota quota;
  const int first = quota.acquire(RetryKind::transient).value();
  const int second = quota.acquire(RetryKind::throttling).value();
  ASSERT_EQ(quota.available(), 500 - first - second);

  quota.release(second);
  EXPECT_EQ(quota.available(), 486);

  quota.release(0);
  EXPECT_EQ(quota.available(), 487);
}

TEST(RetryQuota, never_holds_more_than_its_capacity) {
  RetryQuota quota;

  quota.release(0);
  quota.release(14);

  EXPECT_EQ(quota.available(), 500);
}

}  // namespace
}  // namespace llm::aws
