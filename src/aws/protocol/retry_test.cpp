#include "aws/protocol/retry.hpp"

#include <cmath>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace llm::aws {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

struct KindRow {
  int status;
  std::string_view name;
  RetryKind kind;
};

class RetryKindTest : public ::testing::TestWithParam<KindRow> {};

TEST_P(RetryKindTest, follows_the_lists_of_the_standard_mode) {
  const KindRow& row = GetParam();

  EXPECT_EQ(retry_kind(row.status, row.name), row.kind);
}

std::string row_name(const ::testing::TestParamInfo<KindRow>& row) {
  return std::to_string(row.param.status) + '_' + std::string(row.param.name);
}

// Bedrock Runtime, by its service model.
INSTANTIATE_TEST_SUITE_P(
    BedrockRuntime, RetryKindTest,
    ::testing::Values(KindRow{429, "ThrottlingException", RetryKind::throttling},
                      KindRow{429, "ModelNotReadyException", RetryKind::transient},
                      KindRow{503, "ServiceUnavailableException", RetryKind::transient},
                      KindRow{500, "InternalServerException", RetryKind::transient},
                      KindRow{408, "ModelTimeoutException", RetryKind::never},
                      KindRow{424, "ModelErrorException", RetryKind::never},
                      KindRow{424, "ModelStreamErrorException", RetryKind::never},
                      KindRow{400, "ServiceQuotaExceededException", RetryKind::never},
                      KindRow{400, "ValidationException", RetryKind::never},
                      KindRow{400, "ConflictException", RetryKind::never},
                      KindRow{403, "AccessDeniedException", RetryKind::never},
                      KindRow{404, "ResourceNotFoundException", RetryKind::never}),
    row_name);

// The name takes precedence over the status.
INSTANTIATE_TEST_SUITE_P(NameBeforeStatus, RetryKindTest,
                         ::testing::Values(KindRow{503, "ModelTimeoutException", RetryKind::never},
                                           KindRow{429, "ServiceQuotaExceededException",
                                                   RetryKind::never},
                                           KindRow{500, "ModelErrorException", RetryKind::never},
                                           KindRow{503, "SlowDown", RetryKind::throttling},
                                           KindRow{400, "Throttling", RetryKind::throttling}),
                         row_name);

// Throttling names.
INSTANTIATE_TEST_SUITE_P(
    ThrottlingNames, RetryKindTest,
    ::testing::Values(KindRow{400, "ThrottledException", RetryKind::throttling},
                      KindRow{400, "RequestThrottledException", RetryKind::throttling},
                      KindRow{400, "TooManyRequestsException", RetryKind::throttling},
                      KindRow{400, "ProvisionedThroughputExceededException", RetryKind::throttling},
                      KindRow{400, "TransactionInProgressException", RetryKind::throttling},
                      KindRow{400, "RequestLimitExceeded", RetryKind::throttling},
                      KindRow{400, "BandwidthLimitExceeded", RetryKind::throttling},
                      KindRow{400, "LimitExceededException", RetryKind::throttling},
                      KindRow{400, "RequestThrottled", RetryKind::throttling},
                      KindRow{400, "PriorRequestNotComplete", RetryKind::throttling},
                      KindRow{400, "EC2ThrottledException", RetryKind::throttling}),
    row_name);

// Transient names.
INSTANTIATE_TEST_SUITE_P(
    TransientNames, RetryKindTest,
    ::testing::Values(KindRow{400, "RequestTimeout", RetryKind::transient},
                      KindRow{400, "RequestTimeoutException", RetryKind::transient},
                      KindRow{400, "IDPCommunicationError", RetryKind::transient},
                      KindRow{0, "ServiceUnavailableException", RetryKind::transient},
                      KindRow{0, "InternalServerException", RetryKind::transient}),
    row_name);

// By status alone, as from proxies.
INSTANTIATE_TEST_SUITE_P(
    StatusAlone, RetryKindTest,
    ::testing::Values(KindRow{429, "", RetryKind::throttling},
                      KindRow{500, "", RetryKind::transient},
                      KindRow{502, "", RetryKind::transient},
                      KindRow{503, "Unknown", RetryKind::transient},
                      KindRow{504, "", RetryKind::transient}, KindRow{501, "", RetryKind::never},
                      KindRow{505, "", RetryKind::never}, KindRow{408, "", RetryKind::never},
                      KindRow{400, "", RetryKind::never}, KindRow{301, "", RetryKind::never},
                      KindRow{200, "UnknownOperationException", RetryKind::never},
                      KindRow{0, "", RetryKind::never}),
    row_name);

// Names are compared whole, in letters of any case.
INSTANTIATE_TEST_SUITE_P(WholeNames, RetryKindTest,
                         ::testing::Values(KindRow{400, "throttlingexception",
                                                   RetryKind::throttling},
                                           KindRow{400, "ThrottlingExceptio", RetryKind::never}),
                         row_name);

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
