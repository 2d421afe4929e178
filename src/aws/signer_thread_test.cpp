#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "aws/protocol/sign_request.hpp"
#include "aws/signer.hpp"
#include "base/time.hpp"

namespace llm::aws {
namespace {

TEST(SignerThreads, signs_with_the_key_of_each_call_when_calls_replace_the_cached_one) {
  constexpr int kThreads = 4;
  constexpr int kRequests = 200;
  const base::TimePoint now = base::parse_compact_iso8601("20261122T120000Z").value();
  const Signer signer;
  std::atomic<int> wrong = 0;

  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < kThreads; ++thread) {
      threads.emplace_back([&, thread] {
        // Two threads share each of the two keys.
        const Credentials credentials{
            .access_key_id = "A",
            .secret_access_key = Secret("secret" + std::to_string(thread % 2))};
        const HttpRequest unsigned_request{.url = "https://host.example/"};
        HttpRequest expected = unsigned_request;
        if (!sign_request(expected, credentials, "r", "s", now)) ++wrong;
        for (int i = 0; i < kRequests; ++i) {
          HttpRequest request = unsigned_request;
          const auto result =
              signer.sign(request, *split_url(request.url), credentials, "r", "s", now);
          if (!result || request.headers != expected.headers) ++wrong;
        }
      });
    }
  }

  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace llm::aws
