#include <deque>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aws/credentials/sources.hpp"
#include "tests/support/scripted_provider.hpp"
#include "tests/support/scripted_system.hpp"

namespace llm::aws {
namespace {

using ::testing::HasSubstr;
using namespace std::chrono_literals;

/// A refreshing source over one that gives `answers` in turn, then fails.
class RefreshingTest : public ::testing::Test {
 protected:
  void start(RefreshPolicy policy = {}) {
    const auto source = std::make_shared<ScriptedProvider>("scripted", [this](std::stop_token) {
      ++lookups_;
      if (answers_.empty()) return failure();
      auto answer = answers_.front();
      answers_.pop_front();
      return answer;
    });
    provider_ = refreshing(system_, source, policy);
  }

  static Result<CredentialsLookup> failure(ErrorCode code = ErrorCode::authentication_error) {
    return std::unexpected(make_error(code, "the source failed"));
  }

  /// Adds keys that last from now for `lifetime`.
  void give(std::string id, std::optional<std::chrono::seconds> lifetime) {
    Credentials keys{.access_key_id = std::move(id), .source = "scripted"};
    if (lifetime) keys.expires_at = system_->now() + *lifetime;
    answers_.push_back(keys);
  }

  /// The key id that a caller gets now, or the error's message.
  std::string ask() {
    const auto found = provider_->lookup({});
    if (!found) return found.error().message;
    if (const auto* absent = std::get_if<NotConfigured>(&*found))
      return "absent: " + absent->reason;
    return std::get<Credentials>(*found).access_key_id;
  }

  std::shared_ptr<port::ScriptedSystem> system_ = std::make_shared<port::ScriptedSystem>();
  std::deque<Result<CredentialsLookup>> answers_;
  int lookups_ = 0;
  ProviderPtr provider_;
};

TEST_F(RefreshingTest, asks_the_source_once_while_keys_last) {
  start();
  give("A", 1h);

  EXPECT_EQ(ask(), "A");
  system_->advance(54min);

  EXPECT_EQ(ask(), "A");
  EXPECT_EQ(lookups_, 1);
}

TEST_F(RefreshingTest, keeps_keys_without_an_expiry) {
  start();
  give("A", std::nullopt);

  EXPECT_EQ(ask(), "A");
  system_->advance(10'000h);

  EXPECT_EQ(ask(), "A");
  EXPECT_EQ(lookups_, 1);
}

struct AdvisoryCase {
  double random;
  std::chrono::seconds last_kept;
};

TEST_F(RefreshingTest, refreshes_five_minutes_before_the_end_give_or_take_a_tenth) {
  const AdvisoryCase cases[] = {{0.0, 1h - 271s}, {0.5, 1h - 301s}, {0.999999, 1h - 331s}};
  for (const auto& row : cases) {
    SCOPED_TRACE(row.random);
    start();
    lookups_ = 0;
    system_->set_random_units({row.random});
    give("A", 1h);
    ASSERT_EQ(ask(), "A");

    system_->advance(row.last_kept);
    EXPECT_EQ(ask(), "A");
    EXPECT_EQ(lookups_, 1);

    give("B", 1h);
    system_->advance(2s);
    EXPECT_EQ(ask(), "B");
  }
}

TEST_F(RefreshingTest, keeps_the_keys_and_backs_off_when_an_early_refresh_fails) {
  start();
  give("A", 1h);
  ASSERT_EQ(ask(), "A");
  system_->advance(56min);

  EXPECT_EQ(ask(), "A");
  EXPECT_EQ(lookups_, 2);
  system_->advance(29s);
  EXPECT_EQ(ask(), "A");
  EXPECT_EQ(lookups_, 2);

  system_->advance(1s);
  give("B", 1h);
  EXPECT_EQ(ask(), "B");
}

TEST_F(RefreshingTest, keeps_the_keys_when_the_source_has_gone_at_an_early_refresh) {
  start();
  give("A", 1h);
  ASSERT_EQ(ask(), "A");
  system_->advance(56min);
  answers_.push_back(NotConfigured{"gone"});

  EXPECT_EQ(ask(), "A");
}

TEST_F(RefreshingTest, does_not_ask_all_the_time_for_keys_that_arrive_with_little_time_left) {
  start();
  give("A", 4min);
  give("B", 4min);
  ASSERT_EQ(ask(), "A");

  EXPECT_EQ(ask(), "A");
  EXPECT_EQ(lookups_, 1);

  system_->advance(30s);
  EXPECT_EQ(ask(), "B");
}

TEST_F(RefreshingTest, fails_in_the_last_minute_when_the_source_does) {
  start();
  give("A", 1h);
  ASSERT_EQ(ask(), "A");
  system_->advance(59min);

  EXPECT_EQ(ask(), "the source failed");

  give("B", 1h);
  EXPECT_EQ(ask(), "B");
}

TEST_F(RefreshingTest, asks_once_more_when_keys_arrive_expired) {
  start();
  give("A", 0s);
  give("B", 1h);

  EXPECT_EQ(ask(), "B");
  EXPECT_EQ(lookups_, 2);
}

TEST_F(RefreshingTest, fails_when_keys_arrive_expired_twice) {
  start();
  give("A", -1s);
  give("B", 0s);

  EXPECT_THAT(ask(), HasSubstr("the keys from scripted had expired at 2026-01-02T03:04:05Z"));
}

/// Time passes whenever somebody looks at the clock, as on a machine that is far too busy.
class BusySystem final : public port::ScriptedSystem {
 public:
  [[nodiscard]] std::chrono::system_clock::time_point now() const override {
    late_ += delay;
    return ScriptedSystem::now() + late_;
  }
  std::chrono::milliseconds delay{0};

 private:
  mutable std::chrono::milliseconds late_{0};
};

TEST_F(RefreshingTest, asks_again_when_keys_expire_on_their_way) {
  const auto busy = std::make_shared<BusySystem>();
  system_ = busy;
  start();
  give("A", 1s);  // Still good when it comes from the source, and not when it is kept.
  give("B", 1h);
  busy->delay = 600ms;

  EXPECT_EQ(ask(), "B");
  EXPECT_EQ(lookups_, 2);
}

TEST_F(RefreshingTest, does_not_hold_on_to_keys_that_expired_on_their_way) {
  const auto busy = std::make_shared<BusySystem>();
  system_ = busy;
  start();
  for (const std::string id : {"A", "B", "C"}) give(id, 2s);
  busy->delay = 1500ms;
  static_cast<void>(ask());
  busy->delay = 0ms;
  answers_.clear();
  give("D", 1h);

  EXPECT_EQ(ask(), "D");
}

TEST_F(RefreshingTest, hands_on_absence_and_asks_again) {
  start();
  answers_.push_back(NotConfigured{"nothing yet"});
  give("A", 1h);

  EXPECT_EQ(ask(), "absent: nothing yet");
  EXPECT_EQ(ask(), "A");
}

TEST_F(RefreshingTest, uses_expired_keys_where_that_is_allowed_and_asks_again_later) {
  start({.use_expired = true});
  system_->set_random_units({0.5, 0.0, 0.5});  // Advisory of A, hold, advisory of B.
  give("A", 1h);
  ASSERT_EQ(ask(), "A");
  system_->advance(2h);

  EXPECT_EQ(ask(), "A");
  EXPECT_EQ(lookups_, 2);
  system_->advance(10min - 1s);
  EXPECT_EQ(ask(), "A");
  EXPECT_EQ(lookups_, 2);

  system_->advance(1s);
  give("B", 1h);
  EXPECT_EQ(ask(), "B");
}

TEST_F(RefreshingTest, takes_keys_that_arrive_expired_where_that_is_allowed) {
  start({.use_expired = true});
  give("A", -1h);
  give("B", -1h);

  EXPECT_EQ(ask(), "B");
  EXPECT_EQ(ask(), "B");
  EXPECT_EQ(lookups_, 2);
}

TEST_F(RefreshingTest, fails_where_expired_keys_are_allowed_but_there_are_none) {
  start({.use_expired = true});

  EXPECT_EQ(ask(), "the source failed");
}

TEST_F(RefreshingTest, is_cancelled_without_a_back_off) {
  start();
  give("A", 1h);
  ASSERT_EQ(ask(), "A");
  system_->advance(56min);
  answers_.push_back(failure(ErrorCode::cancelled));
  give("B", 1h);

  EXPECT_EQ(ask(), "the source failed");
  EXPECT_EQ(ask(), "B");
}

TEST_F(RefreshingTest, has_the_name_of_its_source) {
  start();

  EXPECT_EQ(provider_->name(), "scripted");
}

}  // namespace
}  // namespace llm::aws
