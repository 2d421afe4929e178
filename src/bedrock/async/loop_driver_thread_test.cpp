#include "bedrock/async/loop_driver.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "bedrock/call/pipeline_test_support.hpp"
#include "tests/support/sanitizers.hpp"

namespace llm::bedrock {
namespace {

using std::chrono::milliseconds;

/// Credentials that can only be looked up by blocking.
class SlowCredentials final : public aws::CredentialsProvider {
 public:
  explicit SlowCredentials(std::function<void()> work) : work_(std::move(work)) {}
  [[nodiscard]] std::string_view name() const override { return "slow"; }
  [[nodiscard]] Result<aws::CredentialsLookup> lookup(std::stop_token) const override {
    ++lookups;
    work_();
    return aws::Credentials{.access_key_id = "AKID", .secret_access_key = Secret("shh")};
  }
  mutable std::atomic<int> lookups = 0;

 private:
  std::function<void()> work_;
};

class LoopDriverThreads : public PipelineFixture {
 protected:
  /// A call that counts its end.
  Task<> call(loop::Core& core, const Pipeline& pipeline, const Call& made) {
    Result<LoopResponse> sent =
        co_await send_on(core, async_transport_, pipeline.shared(), request_, made);
    ++(sent ? succeeded_ : failed_);
    if (!sent) last_error_ = sent.error();
  }

  test_support::ReadyTransport async_transport_{transport_};
  int succeeded_ = 0;
  int failed_ = 0;
  Error last_error_;
};

TEST_F(LoopDriverThreads, looks_up_once_for_thousands_of_calls) {
  constexpr int kCalls = test_support::kIsSanitized ? 1'000 : 10'000;
  auto loop = *loop::Core::create({}, port::real_system());
  const auto may_finish = std::make_shared<std::atomic<bool>>(false);
  const auto slow = std::make_shared<SlowCredentials>([may_finish] { may_finish->wait(false); });
  config_.identity.credentials = slow;
  config_.system = port::real_system();
  const Pipeline pipeline(config_);
  const Call made = *pipeline.begin({});
  std::vector<Task<>> tasks;
  for (int i = 0; i < kCalls; ++i) {
    transport_->expect(success());
    tasks.push_back(call(*loop, pipeline, made));
    tasks.back().start();
  }
  EXPECT_EQ(succeeded_, 0);

  *may_finish = true;
  may_finish->notify_all();
  const loop::OpenWork open(*loop);
  while (succeeded_ + failed_ < kCalls) loop->process(1000);

  EXPECT_EQ(succeeded_, kCalls);
  EXPECT_EQ(slow->lookups, 1);
}

TEST_F(LoopDriverThreads, gives_up_a_lookup_at_the_time_limit_of_the_call) {
  const auto may_finish = std::make_shared<std::atomic<bool>>(false);
  config_.identity.credentials =
      std::make_shared<SlowCredentials>([may_finish] { may_finish->wait(false); });
  {
    const Pipeline pipeline(config_);
    test_support::VirtualLoop loop(system_);
    const Call made = *pipeline.begin({.timeout = milliseconds(250)});
    Task<> task = call(loop.core(), pipeline, made);
    task.start();

    EXPECT_TRUE(loop.run_until([&] { return failed_ > 0; }));

    EXPECT_EQ(last_error_.code, ErrorCode::timeout_error);
    EXPECT_EQ(system_->sleeps(), std::vector{milliseconds(250)});
    *may_finish = true;
    may_finish->notify_all();
  }
  EXPECT_TRUE(transport_->requests().empty());
}

TEST_F(LoopDriverThreads, forgets_a_lookup_when_the_call_is_destroyed) {
  const auto may_finish = std::make_shared<std::atomic<bool>>(false);
  const auto slow = std::make_shared<SlowCredentials>([may_finish] { may_finish->wait(false); });
  config_.identity.credentials = slow;
  auto loop = *loop::Core::create({}, port::real_system());
  {
    const Pipeline pipeline(config_);
    const Call made = *pipeline.begin({});
    {
      Task<> task = call(*loop, pipeline, made);
      task.start();
    }
    *may_finish = true;
    may_finish->notify_all();
  }
  loop->process(100);

  EXPECT_EQ(succeeded_ + failed_, 0);
  EXPECT_TRUE(transport_->requests().empty());
}

}  // namespace
}  // namespace llm::bedrock
