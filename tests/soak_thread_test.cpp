// Many threads, short-lived credentials and a service that throttles, over real sockets: what must
// hold however the threads are scheduled. BEDROCK_SOAK_SECONDS makes it longer; then run the
// program itself, not ctest, which ends it after five minutes.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <llm/bedrock/client.hpp>

#include "aws/credentials/sources.hpp"
#include "aws/protocol/retry.hpp"
#include "port/system.hpp"
#include "tests/support/raw_server.hpp"
#include "tests/support/sanitizers.hpp"

namespace llm {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Clock = std::chrono::steady_clock;

constexpr seconds kUsualTime(test_support::kIsSanitized ? 3 : 20);

constexpr int kThreads = 64;
constexpr milliseconds kCredentialsLifetime(1000);
constexpr int kThrottleEach = 10;  // One request in ten.
// A tenth of what two busy cores reached.
constexpr int kMinCallsPerSecond = 10;
// Source: AWS "Retry behaviour 2.1": the cost of a retry after throttling, and what a success
// without a retry gives back.
constexpr int kRetryCost = 5;
constexpr int kReward = 1;

seconds soak_time() {
  const char* const text = std::getenv("BEDROCK_SOAK_SECONDS");
  return text == nullptr ? kUsualTime : seconds(std::atoi(text));
}

/// Returns new, short-lived credentials each time; counts lookups that overlap.
class ShortLivedCredentials final : public aws::CredentialsProvider {
 public:
  [[nodiscard]] std::string_view name() const override { return "short-lived credentials"; }

  [[nodiscard]] Result<aws::CredentialsLookup> lookup(std::stop_token) const override {
    if (lookups_under_way_.fetch_add(1) != 0) ++overlaps_;
    const int number = ++sets_;
    for (int i = 0; i < 100; ++i) std::this_thread::yield();  // Lets another lookup begin.
    aws::Credentials credentials{
        .access_key_id = "AKID" + std::to_string(number),
        .secret_access_key = Secret("secret"),
        .expires_at = std::chrono::system_clock::now() + kCredentialsLifetime};
    --lookups_under_way_;
    return credentials;
  }

  [[nodiscard]] int sets() const { return sets_; }
  [[nodiscard]] int overlaps() const { return overlaps_; }

 private:
  mutable std::atomic<int> lookups_under_way_ = 0;
  mutable std::atomic<int> sets_ = 0;
  mutable std::atomic<int> overlaps_ = 0;
};

/// Passes credentials on, and counts those that had expired.
class WatchedCredentials final : public aws::CredentialsProvider {
 public:
  explicit WatchedCredentials(aws::ProviderPtr source) : source_(std::move(source)) {}
  [[nodiscard]] std::string_view name() const override { return source_->name(); }

  [[nodiscard]] Result<aws::CredentialsLookup> lookup(std::stop_token stop) const override {
    const auto began_at = std::chrono::system_clock::now();
    Result<aws::CredentialsLookup> found = source_->lookup(std::move(stop));
    ++lookups_;
    const auto* credentials = found ? std::get_if<aws::Credentials>(&*found) : nullptr;
    if (credentials == nullptr || *credentials->expires_at <= began_at) ++expired_;
    return found;
  }

  [[nodiscard]] std::int64_t lookups() const { return lookups_; }
  [[nodiscard]] std::int64_t expired() const { return expired_; }

 private:
  aws::ProviderPtr source_;
  mutable std::atomic<std::int64_t> lookups_ = 0;
  mutable std::atomic<std::int64_t> expired_ = 0;
};

/// Responds like Bedrock, and throttles each tenth request.
class ThrottlingService {
 public:
  std::string respond(const std::string& request) {
    if (request.find("Credential=AKID") == std::string::npos) ++unsigned_;
    if (++requests_ % kThrottleEach != 0) {
      return test_support::http_response(R"({"generation":"Yes.","stop_reason":"stop"})");
    }
    ++throttled_;
    return test_support::http_response(
        R"({"__type":"ThrottlingException","message":"Too many requests, please wait."})",
        "429 Too Many Requests");
  }

  [[nodiscard]] std::int64_t requests() const { return requests_; }
  [[nodiscard]] std::int64_t throttled() const { return throttled_; }
  [[nodiscard]] std::int64_t unsigned_requests() const { return unsigned_; }

 private:
  std::atomic<std::int64_t> requests_ = 0;
  std::atomic<std::int64_t> throttled_ = 0;
  std::atomic<std::int64_t> unsigned_ = 0;
};

/// How the calls of one thread, or of all, ended.
struct Tally {
  std::int64_t succeeded = 0;
  std::int64_t throttled = 0;  ///< Ended with rate_limit_error.
  std::int64_t attempts = 0;
  std::int64_t refused_attempts = 0;  ///< Attempts that must have been throttled.
  std::int64_t given_back = 0;        ///< Tokens, to the retry quota.
  std::set<std::string> others{};     ///< Messages of unexpected errors.

  void add(const Result<ChatResponse>& response) {
    const int sent = response ? response->details.attempts : response.error().attempts;
    attempts += sent;
    if (response) {
      ++succeeded;
      refused_attempts += sent - 1;
      given_back += sent > 1 ? kRetryCost : kReward;
      return;
    }
    refused_attempts += sent;
    ++throttled;
    if (response.error().code != ErrorCode::rate_limit_error)
      others.insert(response.error().message);
  }

  void add(const Tally& other) {
    succeeded += other.succeeded;
    throttled += other.throttled;
    attempts += other.attempts;
    refused_attempts += other.refused_attempts;
    given_back += other.given_back;
    others.insert(other.others.begin(), other.others.end());
  }
};

/// Calls from many threads for `time`.
Tally soak(const Client& client, seconds time) {
  const ChatRequest request{.messages = {Message::user("Is the sky blue?")}, .max_tokens = 10};
  const auto end = Clock::now() + time;
  std::mutex mutex;
  Tally all;
  std::vector<std::jthread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      Tally own;
      while (Clock::now() < end) own.add(client.chat_completion(request));
      const std::scoped_lock lock(mutex);
      all.add(own);
    });
  }
  threads.clear();
  return all;
}

TEST(Soak, loses_no_call_while_credentials_expire_and_the_service_throttles) {
  ThrottlingService service;
  const test_support::RawServer server(
      test_support::Script{test_support::respond_unkept([&](const std::string& request) {
                             return service.respond(request);
                           }),
                           test_support::repeat_script()});
  const auto source = std::make_shared<const ShortLivedCredentials>();
  const auto credentials =
      std::make_shared<const WatchedCredentials>(aws::refreshing(port::real_system(), source,
                                                                 {.advisory = milliseconds(400),
                                                                  .mandatory = milliseconds(100),
                                                                  .back_off = milliseconds(50)}));
  const Result<Client> client =
      bedrock::create_client({.model = "meta.llama3-3-70b-instruct-v1:0",
                              .region = "us-east-1",
                              .runtime_endpoint = server.url(""),
                              .credentials = credentials,
                              .environment_use = bedrock::EnvironmentUse::ignore});
  ASSERT_TRUE(client) << client.error().message;
  const seconds time = soak_time();

  const Tally all = soak(*client, time);

  EXPECT_TRUE(all.others.empty()) << *all.others.begin();
  EXPECT_GE(all.succeeded, kMinCallsPerSecond * time.count());
  // Nothing was sent twice, or without the retry quota.
  EXPECT_EQ(all.attempts, service.requests());
  EXPECT_EQ(all.refused_attempts, service.throttled());
  const std::int64_t retries = all.attempts - all.succeeded - all.throttled;
  EXPECT_LE(retries * kRetryCost, aws::RetryQuota::kCapacity + all.given_back);
  // Each attempt was signed with credentials of its own lookup, good at that time; one refresh at a
  // time.
  EXPECT_EQ(service.unsigned_requests(), 0);
  EXPECT_EQ(credentials->lookups(), service.requests());
  EXPECT_EQ(credentials->expired(), 0);
  EXPECT_EQ(source->overlaps(), 0);
  EXPECT_GE(source->sets(), time.count() / 2);
  RecordProperty("succeeded", std::to_string(all.succeeded));
  RecordProperty("credential_sets", source->sets());
}

}  // namespace
}  // namespace llm
