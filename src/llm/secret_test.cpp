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

// A Secret in memory that can be inspected after it is destroyed. A short text is in the object
// itself.
class Watched {
 public:
  Watched() : secret_(new(memory_.data()) Secret(std::string(kShort))) {}
  Secret& secret() { return *secret_; }
  bool holds_the_text() const {
    return std::string_view(memory_.data(), memory_.size()).contains(kShort.substr(1));
  }

 private:
  alignas(Secret) std::array<char, sizeof(Secret)> memory_{};
  Secret* secret_;
};

TEST(Secret, leaves_nothing_behind_when_it_goes) {
  Watched watched;
  EXPECT_TRUE(watched.holds_the_text());

  std::destroy_at(&watched.secret());

  EXPECT_FALSE(watched.holds_the_text());
}

TEST(Secret, leaves_nothing_behind_when_it_is_moved) {
  Watched constructed_from;
  Watched assigned_from;

  const Secret other = std::move(constructed_from.secret());
  Secret assigned;
  assigned = std::move(assigned_from.secret());

  EXPECT_FALSE(constructed_from.holds_the_text());
  EXPECT_FALSE(assigned_from.holds_the_text());
  std::destroy_at(&constructed_from.secret());
  std::destroy_at(&assigned_from.secret());
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
