#include <llm/secret.hpp>

#include <array>
#include <memory>
#include <new>
#include <ostream>
#include <string>

#include <gtest/gtest.h>

namespace llm {
namespace {

constexpr std::string_view kShort = "hunter2";  // fits inside std::string itself
const std::string kLong(100, 'k');

// Where a Secret lives and dies, so that what it leaves behind can be looked at.
template <typename Use>
std::string bytes_left_by(Use use) {
  alignas(Secret) std::array<char, sizeof(Secret)> memory{};
  use(memory.data());
  return {memory.data(), memory.size()};
}

template <typename T>
concept Printable = requires(std::ostream& stream, const T& value) { stream << value; };

TEST(Secret, reveals_its_text) {
  EXPECT_EQ(Secret(std::string(kShort)).reveal(), kShort);
  EXPECT_EQ(Secret(kLong).reveal(), kLong);
  EXPECT_TRUE(Secret().empty());
  EXPECT_FALSE(Secret("x").empty());
}

TEST(Secret, cannot_be_printed) { EXPECT_FALSE(Printable<Secret>); }

TEST(Secret, compares_by_text) {
  EXPECT_EQ(Secret("abc"), Secret("abc"));
  EXPECT_EQ(Secret(), Secret(""));
  EXPECT_FALSE(Secret("abc") == Secret("abd"));
  EXPECT_FALSE(Secret("abc") == Secret("abcd"));
}

TEST(Secret, is_copied_and_assigned) {
  Secret secret(kLong);
  const Secret copy = secret;
  Secret assigned("x");
  assigned = copy;
  const Secret& same = assigned;
  assigned = same;

  EXPECT_EQ(copy.reveal(), kLong);
  EXPECT_EQ(assigned.reveal(), kLong);
  EXPECT_EQ(secret.reveal(), kLong);
}

TEST(Secret, is_empty_after_it_was_moved_from) {
  for (const std::string& text : {std::string(kShort), kLong}) {
    Secret first(text);
    Secret second = std::move(first);
    Secret third("x");
    third = std::move(second);

    EXPECT_TRUE(first.empty());   // NOLINT(bugprone-use-after-move)
    EXPECT_TRUE(second.empty());  // NOLINT(bugprone-use-after-move)
    EXPECT_EQ(third.reveal(), text);
  }
}

TEST(Secret, leaves_nothing_behind_when_it_goes) {
  const std::string left = bytes_left_by([](char* memory) {
    auto* secret = new (memory) Secret(std::string(kShort));
    std::destroy_at(secret);
  });

  EXPECT_EQ(left.find(kShort.substr(1)), std::string::npos);
}

TEST(Secret, leaves_nothing_behind_when_it_is_moved) {
  const std::string left = bytes_left_by([](char* memory) {
    auto* secret = new (memory) Secret(std::string(kShort));
    const Secret other = std::move(*secret);
    std::destroy_at(secret);
  });

  EXPECT_EQ(left.find(kShort.substr(1)), std::string::npos);
}

TEST(Secret, overwrites_the_old_text_when_a_shorter_one_is_assigned) {
  Secret secret(kLong);
  const char* const memory = secret.reveal().data();

  secret = Secret(std::string(kShort));

  // Either the memory is still the secret's own, or it holds the short text inside itself.
  if (secret.reveal().data() == memory) {
    EXPECT_EQ(std::string_view(memory, kLong.size()).find("kk"), std::string_view::npos);
  }
  EXPECT_EQ(secret.reveal(), kShort);
}

}  // namespace
}  // namespace llm
