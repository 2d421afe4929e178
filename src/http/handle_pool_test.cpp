#include "http/handle_pool.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace llm::http {
namespace {

TEST(HandlePool, returns_the_most_recently_used_handles_of_the_route) {
  HandlePool pool;
  auto first = pool.take({"https://a:443"});
  auto second = pool.take({"https://a:443"});
  const HandlePair* const latest = second.get();
  pool.give_back(std::move(first));
  pool.give_back(std::move(second));
  pool.give_back(pool.take({"https://b:443"}));

  const auto again = pool.take({"https://a:443"});

  EXPECT_EQ(again.get(), latest);
}

TEST(HandlePool, returns_no_handles_of_another_route) {
  HandlePool pool;
  pool.give_back(pool.take({"https://a:443"}));

  const auto other = pool.take({"https://b:443"});

  EXPECT_EQ(other->route(), Route{"https://b:443"});
  EXPECT_EQ(pool.idle(), 1U);
  const auto around_proxies = pool.take({"https://a:443", ProxyUse::never});
  const auto to_metadata = pool.take({"https://a:443", ProxyUse::environment, PeerRule::metadata});
  EXPECT_EQ(pool.idle(), 1U);
}

TEST(HandlePool, keeps_no_more_than_its_limit_and_closes_the_oldest) {
  HandlePool pool(2);
  auto a = pool.take({"a"});
  auto b = pool.take({"b"});
  auto c = pool.take({"c"});
  pool.give_back(std::move(a));
  pool.give_back(std::move(b));
  pool.give_back(std::move(c));

  EXPECT_EQ(pool.idle(), 2U);
  const auto oldest = pool.take({"a"});
  EXPECT_EQ(pool.idle(), 2U);
}

TEST(HandlePool, wipes_what_was_received) {
  HandlePool pool;
  auto handles = pool.take({"https://a:443"});
  const std::string secret = "long enough to be on the heap, where it would stay";
  handles->received() = secret;
  handles->discard_received();
  handles->received() = "short";
  const char* const place = handles->received().data();

  pool.give_back(std::move(handles));

  // Kept memory of the string, all of it within its capacity.
  EXPECT_EQ(std::string_view(place, secret.size()), std::string(secret.size(), '\0'));
}

}  // namespace
}  // namespace llm::http
