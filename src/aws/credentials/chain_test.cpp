#include <gtest/gtest.h>

#include "tests/support/scripted_provider.hpp"

namespace llm::aws {
namespace {

Credentials credentials(std::string id) { return {.access_key_id = std::move(id)}; }

TEST(Chain, tries_the_next_source_when_one_is_not_configured) {
  const auto sources =
      chain({provider_of("one", NotConfigured{"nothing"}), static_credentials(credentials("A")),
             static_credentials(credentials("B"))});

  const auto found = sources->lookup({});

  ASSERT_TRUE(found);
  EXPECT_EQ(std::get<Credentials>(*found).access_key_id, "A");
}

TEST(Chain, ends_the_search_when_a_source_fails) {
  const auto sources = chain(
      {provider_of("one", std::unexpected(make_error(ErrorCode::authentication_error, "broken"))),
       static_credentials(credentials("B"))});

  const auto found = sources->lookup({});

  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().message, "broken");
}

TEST(Chain, lists_every_reason_when_none_is_configured) {
  const auto sources = chain({provider_of("one", NotConfigured{"no file"}),
                              provider_of("two", NotConfigured{"no variable"})});

  const auto found = sources->lookup({});

  ASSERT_TRUE(found);
  EXPECT_EQ(std::get<NotConfigured>(*found).reason, "one: no file\ntwo: no variable");
}

TEST(Chain, does_not_look_when_it_is_cancelled) {
  const auto sources = chain({static_credentials(credentials("A"))});
  std::stop_source stop;
  stop.request_stop();

  const auto found = sources->lookup(stop.get_token());

  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ErrorCode::cancelled);
}

}  // namespace
}  // namespace llm::aws
