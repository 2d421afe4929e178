#include "base/read_body.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include <llm/testing.hpp>

namespace llm::base {
namespace {

/// An exchange whose body arrives in these fragments.
std::unique_ptr<HttpExchange> exchange_of(testing::ScriptedResponse response) {
  testing::ScriptedTransport transport;
  transport.expect(std::move(response));
  auto exchange = transport.send({}, {});
  return exchange ? std::move(*exchange) : nullptr;
}

TEST(ReadBody, reads_to_the_end) {
  std::string body;

  const auto read = read_body(*exchange_of({.body = {"123", "45"}}), 5, body);

  EXPECT_EQ(read, BodyRead::whole);
  EXPECT_EQ(body, "12345");
}

TEST(ReadBody, keeps_what_fits_when_there_is_more) {
  std::string body;

  const auto read = read_body(*exchange_of({.body = {"12345", "67890"}}), 8, body);

  EXPECT_EQ(read, BodyRead::cut_off);
  EXPECT_EQ(body, "12345678");
}

TEST(ReadBody, keeps_what_arrived_before_a_failure) {
  std::string body;
  const Error lost = make_error(ErrorCode::connection_error, "The connection was lost.");

  const auto read = read_body(*exchange_of({.body = {"123"}, .read_failure = lost}), 8, body);

  ASSERT_FALSE(read);
  EXPECT_EQ(read.error(), lost);
  EXPECT_EQ(body, "123");
}

TEST(ReadBody, stays_in_the_memory_that_was_reserved) {
  constexpr std::size_t kLimit = 64 * 1024;
  std::string body;
  body.reserve(kLimit);
  const char* const memory = body.data();

  const auto read = read_body(
      *exchange_of({.body = std::vector<std::string>(100, std::string(1000, 's'))}), kLimit, body);

  EXPECT_EQ(read, BodyRead::cut_off);
  EXPECT_EQ(body.size(), kLimit);
  EXPECT_EQ(body.data(), memory);
}

}  // namespace
}  // namespace llm::base
