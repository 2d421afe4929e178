// Credentials and API keys that have to be waited for, within the limits of the calls.
#include "bedrock/call/authorizer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <iterator>
#include <latch>
#include <mutex>
#include <stdexcept>
#include <stop_token>
#include <thread>
#include <vector>

#include "bedrock/call/pipeline_test_support.hpp"
#include "bedrock/config/late_region.hpp"
#include "tests/support/scripted_provider.hpp"

namespace llm::bedrock {
namespace {

using std::chrono::milliseconds;

/// Something that a test opens once.
class Gate {
 public:
  void open() {
    is_open_.test_and_set();
    is_open_.notify_all();
  }
  void wait() const { is_open_.wait(false); }

 private:
  std::atomic_flag is_open_;
};

/// A source that responds only to a stop.
std::shared_ptr<const aws::CredentialsProvider> silent_source() {
  return std::make_shared<aws::ScriptedProvider>(
      "silent", [](std::stop_token stop) -> Result<aws::CredentialsLookup> {
        std::mutex mutex;
        std::condition_variable_any never;
        std::unique_lock lock(mutex);
        never.wait(lock, stop, [] { return false; });
        return std::unexpected(make_error(ErrorCode::cancelled, "Stopped."));
      });
}

/// A source that ignores its stop until the gate is open.
std::shared_ptr<const aws::CredentialsProvider> stubborn_source(const Gate& gate,
                                                                std::atomic<int>& lookups) {
  return std::make_shared<aws::ScriptedProvider>(
      "stubborn", [&](const std::stop_token&) -> Result<aws::CredentialsLookup> {
        ++lookups;
        gate.wait();
        return aws::Credentials{.access_key_id = "AKID", .secret_access_key = Secret("shh")};
      });
}

std::ptrdiff_t thread_count() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/task"), {});
}

/// Tests of threads wait in real time.
class AuthorizerThreads : public PipelineFixture {
 protected:
  AuthorizerThreads() { config_.system = port::real_system(); }
  ~AuthorizerThreads() override {
    gate_.open();
    config_.lookup_pool.reset();  // Waits for the lookups, which use this object.
  }

  void expect_successes(int count) {
    for (int i = 0; i < count; ++i) transport_->expect(success());
  }

  Gate gate_;
  std::atomic<int> lookups_ = 0;
};

TEST_F(AuthorizerThreads, hold_the_time_limit_of_the_call_for_the_lookup_of_credentials) {
  config_.identity.credentials = silent_source();

  const auto response = send({.timeout = milliseconds(5)});

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::timeout_error);
  EXPECT_EQ(response.error().message, "InvokeModel did not finish within 5 ms (time limit).");
  EXPECT_TRUE(transport_->requests().empty());
}

TEST_F(AuthorizerThreads, hold_the_time_limit_for_a_source_that_ignores_its_stop) {
  config_.identity.credentials = stubborn_source(gate_, lookups_);
  const Pipeline pipeline(config_);

  const auto response = pipeline.send(request_, *pipeline.begin({.timeout = milliseconds(5)}));

  gate_.open();
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::timeout_error);
}

TEST_F(AuthorizerThreads, are_cancelled_when_the_caller_stops_first) {
  config_.identity.credentials = silent_source();
  std::stop_source stop;
  stop.request_stop();

  const auto response = send({.stop = stop.get_token(), .timeout = std::chrono::hours(1)});

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::cancelled);
}

TEST_F(AuthorizerThreads, share_one_lookup_and_start_no_thread_for_each_call) {
  constexpr int kCalls = 64;
  config_.identity.credentials = stubborn_source(gate_, lookups_);
  expect_successes(kCalls);
  const Pipeline pipeline(config_);
  std::atomic<int> succeeded = 0;
  std::latch started(kCalls);
  const std::ptrdiff_t before = thread_count();
  std::ptrdiff_t during = 0;
  {
    std::vector<std::jthread> callers;
    for (int i = 0; i < kCalls; ++i) {
      callers.emplace_back([&] {
        started.count_down();
        const Call call = *pipeline.begin({.timeout = std::chrono::minutes(1)});
        if (pipeline.send(request_, call)) ++succeeded;
      });
    }
    started.wait();
    while (lookups_ == 0) std::this_thread::yield();
    // Each look lets callers run on to where they would start a thread.
    for (int looks = 0; looks < 500; ++looks) {
      during = std::max(during, thread_count());
      std::this_thread::yield();
    }
    gate_.open();
  }

  EXPECT_EQ(succeeded, kCalls);
  EXPECT_LE(during - before - kCalls, std::ptrdiff_t{LookupPool::kMaxThreads});
}

TEST_F(AuthorizerThreads, stop_a_lookup_that_no_call_waits_for) {
  config_.identity.credentials = silent_source();
  const auto pipeline = std::make_unique<Pipeline>(config_);

  const auto response = pipeline->send(request_, *pipeline->begin({.timeout = milliseconds(5)}));

  // The pool waits for its jobs: this returns because the lookup was stopped.
  EXPECT_FALSE(response);
}

TEST_F(AuthorizerThreads, report_a_source_that_throws) {
  config_.identity.credentials = std::make_shared<aws::ScriptedProvider>(
      "throwing", [](const std::stop_token&) -> Result<aws::CredentialsLookup> {
        throw std::runtime_error("x");
      });

  const auto response = send({.timeout = std::chrono::minutes(1)});

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::internal_error);
}

/// A client whose API key the service refuses.
class ApiKeyRenewalThreads : public AuthorizerThreads {
 protected:
  ApiKeyRenewalThreads() { config_.identity = {.api_key = Secret("old")}; }

  static ScriptedResponse refused_key() {
    return refusal(
        403, "AccessDeniedException",
        R"({"Message":"Authentication failed: Please make sure your API Key is valid."})");
  }
};

/// Refuses the key "old", to all callers at once.
class KeyCheckingTransport final : public Transport {
 public:
  Result<std::unique_ptr<HttpExchange>> send(const HttpRequest& request,
                                             std::stop_token stop) const override {
    testing::ScriptedTransport scripted;
    const bool is_old = header(request, "authorization") == "Bearer old";
    if (is_old) {
      ++refused;
      all_refused.count_down();
      all_refused.wait();
    }
    scripted.expect(
        is_old
            ? refusal(
                  403, "AccessDeniedException",
                  R"({"Message":"Authentication failed: Please make sure your API Key is valid."})")
            : success());
    return scripted.send(request, std::move(stop));
  }

  static constexpr int kCalls = 64;
  mutable std::atomic<int> refused = 0;
  mutable std::latch all_refused{kCalls};
};

TEST_F(ApiKeyRenewalThreads, ask_for_one_new_key_between_all_calls_refused_at_once) {
  const auto transport = std::make_shared<KeyCheckingTransport>();
  config_.transport = transport;
  std::atomic<int> renewals = 0;
  config_.identity.renew_api_key = [&]() -> Result<Secret> {
    ++renewals;
    return Secret("new");
  };
  const Pipeline pipeline(config_);
  std::atomic<int> succeeded = 0;

  {
    std::vector<std::jthread> callers;
    for (int i = 0; i < KeyCheckingTransport::kCalls; ++i) {
      callers.emplace_back([&, i] {
        CallOptions options;
        if (i % 2 == 0) options.timeout = std::chrono::minutes(1);
        if (pipeline.send(request_, *pipeline.begin(options))) ++succeeded;
      });
    }
  }

  EXPECT_EQ(succeeded, KeyCheckingTransport::kCalls);
  EXPECT_EQ(transport->refused, KeyCheckingTransport::kCalls);
  EXPECT_EQ(renewals, 1);
}

TEST_F(ApiKeyRenewalThreads, hold_the_time_limit_of_the_call) {
  transport_->expect(refused_key());
  config_.identity.renew_api_key = [this]() -> Result<Secret> {
    gate_.wait();
    return Secret("new");
  };
  const Pipeline pipeline(config_);

  const auto response = pipeline.send(request_, *pipeline.begin({.timeout = milliseconds(20)}));

  gate_.open();
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().message, "InvokeModel did not finish within 20 ms (time limit).");
  EXPECT_EQ(response.error().attempts, 1);
}

TEST_F(ApiKeyRenewalThreads, are_cancelled_with_the_call) {
  transport_->expect(refused_key());
  std::stop_source stop;
  config_.identity.renew_api_key = [&]() -> Result<Secret> {
    stop.request_stop();
    gate_.wait();
    return Secret("new");
  };
  const Pipeline pipeline(config_);

  const auto response = pipeline.send(request_, *pipeline.begin({.stop = stop.get_token()}));

  gate_.open();
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::cancelled);
}

TEST(LateRegionThreads, hold_the_time_limit_of_the_call) {
  const LateRegion region({}, silent_source(), std::make_shared<LookupPool>());

  const auto found = region.get({}, aws::Deadline(port::real_system(), milliseconds(5)));

  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().message,
            "Finding the region of this machine did not finish within 5 ms (time limit).");
}

}  // namespace
}  // namespace llm::bedrock
