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

/// A refreshing source over one with these results, which fails after the last.
class RefreshingTest : public ::testing::Test {
 protected:
  void start(RefreshPolicy policy = {}) {
    const auto source = std::make_shared<ScriptedProvider>("scripted", [this](std::stop_token) {
      ++lookups_;
      if (results_.empty()) return failure();
      auto result = results_.front();
      results_.pop_front();
      return result;
    });
    provider_ = refreshing(system_, source, policy);
  }

  static Result<CredentialsLookup> failure(ErrorCode code = ErrorCode::authentication_error) {
    return std::unexpected(make_error(code, "The source failed."));
  }

  /// Adds credentials that are good for `lifetime` from now on.
  void give(std::string id, std::optional<std::chrono::seconds> lifetime) {
    Credentials credentials{.access_key_id = std::move(id), .source = "scripted"};
    if (lifetime) credentials.expires_at = system_->now() + *lifetime;
    results_.push_back(credentials);
  }

  /// The access key id that a caller gets now, or the error's message.
  std::string look_up() {
    const auto found = provider_->lookup({});
    if (!found) return found.error().message;
    if (const auto* none = std::get_if<NotConfigured>(&*found)) {
      return "not configured: " + none->reason;
    }
    return std::get<Credentials>(*found).access_key_id;
  }

  std::shared_ptr<port::ScriptedSystem> system_ = std::make_shared<port::ScriptedSystem>();
  std::deque<Result<CredentialsLookup>> results_;
  int lookups_ = 0;
  ProviderPtr provider_;
};

TEST_F(RefreshingTest, looks_up_once_while_credentials_are_good) {
  start();
  give("A", 1h);

  EXPECT_EQ(look_up(), "A");
  system_->advance(54min);

  EXPECT_EQ(look_up(), "A");
  EXPECT_EQ(lookups_, 1);
}

TEST_F(RefreshingTest, caches_credentials_without_an_expiry_for_good) {
  start();
  give("A", std::nullopt);

  EXPECT_EQ(look_up(), "A");
  system_->advance(10'000h);

  EXPECT_EQ(look_up(), "A");
  EXPECT_EQ(lookups_, 1);
}

struct AdvisoryCase {
  double random;
  std::chrono::seconds last_cached;
};

TEST_F(RefreshingTest, refreshes_five_minutes_before_the_expiry_give_or_take_a_tenth) {
  const AdvisoryCase cases[] = {{0.0, 1h - 271s}, {0.5, 1h - 301s}, {0.999999, 1h - 331s}};
  for (const auto& row : cases) {
    SCOPED_TRACE(row.random);
    start();
    lookups_ = 0;
    system_->set_random_units({row.random});
    give("A", 1h);
    ASSERT_EQ(look_up(), "A");

    system_->advance(row.last_cached);
    EXPECT_EQ(look_up(), "A");
    EXPECT_EQ(lookups_, 1);

    give("B", 1h);
    system_->advance(2s);
    EXPECT_EQ(look_up(), "B");
  }
}

TEST_F(RefreshingTest, uses_cached_credentials_and_backs_off_when_an_early_refresh_fails) {
  start();
  give("A", 1h);
  ASSERT_EQ(look_up(), "A");
  system_->advance(56min);

  EXPECT_EQ(look_up(), "A");
  EXPECT_EQ(lookups_, 2);
  system_->advance(29s);
  EXPECT_EQ(look_up(), "A");
  EXPECT_EQ(lookups_, 2);

  system_->advance(1s);
  give("B", 1h);
  EXPECT_EQ(look_up(), "B");
}

TEST_F(RefreshingTest, uses_cached_credentials_when_an_early_refresh_finds_no_source) {
  start();
  give("A", 1h);
  ASSERT_EQ(look_up(), "A");
  system_->advance(56min);
  results_.push_back(NotConfigured{"gone"});

  EXPECT_EQ(look_up(), "A");
}

TEST_F(RefreshingTest, backs_off_from_short_lived_credentials) {
  start();
  give("A", 4min);
  give("B", 4min);
  ASSERT_EQ(look_up(), "A");

  EXPECT_EQ(look_up(), "A");
  EXPECT_EQ(lookups_, 1);

  system_->advance(30s);
  EXPECT_EQ(look_up(), "B");
}

TEST_F(RefreshingTest, fails_in_the_last_minute_when_the_source_does) {
  start();
  give("A", 1h);
  ASSERT_EQ(look_up(), "A");
  system_->advance(59min);

  EXPECT_EQ(look_up(), "The source failed.");

  give("B", 1h);
  EXPECT_EQ(look_up(), "B");
}

TEST_F(RefreshingTest, looks_up_again_when_credentials_arrive_expired) {
  start();
  give("A", 0s);
  give("B", 1h);

  EXPECT_EQ(look_up(), "B");
  EXPECT_EQ(lookups_, 2);
}

TEST_F(RefreshingTest, fails_when_credentials_arrive_expired_twice) {
  start();
  give("A", -1s);
  give("B", 0s);

  EXPECT_THAT(
      look_up(),
      HasSubstr("The credentials from scripted had already expired at 2026-01-02T03:04:05Z."));
}

/// Time passes whenever the clock is read, as on an overloaded machine.
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

TEST_F(RefreshingTest, looks_up_again_when_credentials_expire_on_their_way) {
  const auto busy = std::make_shared<BusySystem>();
  system_ = busy;
  start();
  give("A", 1s);  // Good when it comes from the source, and expired when it is cached.
  give("B", 1h);
  busy->delay = 600ms;

  EXPECT_EQ(look_up(), "B");
  EXPECT_EQ(lookups_, 2);
}

TEST_F(RefreshingTest, does_not_use_credentials_that_expired_on_their_way) {
  const auto busy = std::make_shared<BusySystem>();
  system_ = busy;
  start();
  for (const std::string id : {"A", "B", "C"}) give(id, 2s);
  busy->delay = 1500ms;
  static_cast<void>(look_up());
  busy->delay = 0ms;
  results_.clear();
  give("D", 1h);

  EXPECT_EQ(look_up(), "D");
}

TEST_F(RefreshingTest, passes_on_not_configured_and_looks_up_again) {
  start();
  results_.push_back(NotConfigured{"nothing yet"});
  give("A", 1h);

  EXPECT_EQ(look_up(), "not configured: nothing yet");
  EXPECT_EQ(look_up(), "A");
}

TEST_F(RefreshingTest, uses_expired_credentials_where_that_is_allowed_and_looks_up_later) {
  start({.use_expired = true});
  system_->set_random_units({0.5, 0.0, 0.5});  // Advisory of A, hold, advisory of B.
  give("A", 1h);
  ASSERT_EQ(look_up(), "A");
  system_->advance(2h);

  EXPECT_EQ(look_up(), "A");
  EXPECT_EQ(lookups_, 2);
  system_->advance(10min - 1s);
  EXPECT_EQ(look_up(), "A");
  EXPECT_EQ(lookups_, 2);

  system_->advance(1s);
  give("B", 1h);
  EXPECT_EQ(look_up(), "B");
}

TEST_F(RefreshingTest, accepts_credentials_that_arrive_expired_where_that_is_allowed) {
  start({.use_expired = true});
  give("A", -1h);
  give("B", -1h);

  EXPECT_EQ(look_up(), "B");
  EXPECT_EQ(look_up(), "B");
  EXPECT_EQ(lookups_, 2);
}

TEST_F(RefreshingTest, fails_where_expired_credentials_are_allowed_but_there_are_none) {
  start({.use_expired = true});

  EXPECT_EQ(look_up(), "The source failed.");
}

TEST_F(RefreshingTest, is_cancelled_without_a_back_off) {
  start();
  give("A", 1h);
  ASSERT_EQ(look_up(), "A");
  system_->advance(56min);
  results_.push_back(failure(ErrorCode::cancelled));
  give("B", 1h);

  EXPECT_EQ(look_up(), "The source failed.");
  EXPECT_EQ(look_up(), "B");
}

TEST_F(RefreshingTest, has_the_name_of_its_source) {
  start();

  EXPECT_EQ(provider_->name(), "scripted");
}

}  // namespace
}  // namespace llm::aws
