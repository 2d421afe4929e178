#include <atomic>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "aws/protocol/retry.hpp"

namespace llm::aws {
namespace {

constexpr int kThreads = 8;

void run_at_once(const auto& work) {
  std::vector<std::jthread> threads;
  for (int i = 0; i < kThreads; ++i) threads.emplace_back(work);
}

TEST(RetryQuota, pays_for_no_more_retries_than_it_holds_between_threads) {
  RetryQuota quota;
  std::atomic<int> retries = 0;

  run_at_once([&] {
    while (quota.acquire(RetryKind::transient)) ++retries;
  });

  EXPECT_EQ(retries, 35);
  EXPECT_EQ(quota.available(), 10);
}

TEST(RetryQuota, loses_no_token_between_threads) {
  RetryQuota quota;

  run_at_once([&] {
    for (int i = 0; i < 10'000; ++i) {
      const auto cost = quota.acquire(RetryKind::throttling);
      if (cost) quota.release(*cost);
    }
  });

  EXPECT_EQ(quota.available(), RetryQuota::kCapacity);
}

}  // namespace
}  // namespace llm::aws
