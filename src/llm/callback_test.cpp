#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>
#include <utility>

#include <llm/callback.hpp>

namespace llm {
namespace {

/// Counts the copies that are alive.
class Counted {
 public:
  explicit Counted(int& alive) : alive_(&alive) { ++*alive_; }
  Counted(Counted&& other) noexcept : alive_(other.alive_) { ++*alive_; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
  Counted& operator=(Counted&&) = delete;
  ~Counted() { --*alive_; }

 private:
  int* alive_;
};

/// A callback that owns a Counted and `Bytes` more, and adds their sum to its argument.
template <std::size_t Bytes>
Callback<int(int)> adder(int& alive) {
  std::array<char, Bytes> ones{};
  ones.fill(1);
  return [counted = Counted(alive), ones](int start) {
    for (const char one : ones) start += one;
    return start;
  };
}

template <typename Size>
class CallbackTest : public ::testing::Test {};

// The first fits into the callback, the second does not.
using Sizes = ::testing::Types<std::integral_constant<std::size_t, 8>,
                               std::integral_constant<std::size_t, 200>>;
TYPED_TEST_SUITE(CallbackTest, Sizes);

TYPED_TEST(CallbackTest, keeps_what_it_captures_when_it_is_moved) {
  int alive = 0;
  {
    Callback<int(int)> first = adder<TypeParam::value>(alive);
    Callback<int(int)> second = std::move(first);

    EXPECT_FALSE(first);  // NOLINT(bugprone-use-after-move): says that it is empty
    EXPECT_EQ(second(1), static_cast<int>(TypeParam::value) + 1);
    EXPECT_EQ(alive, 1);
  }
  EXPECT_EQ(alive, 0);
}

TYPED_TEST(CallbackTest, destroys_what_it_captures_when_it_is_replaced) {
  int old = 0;
  int alive = 0;
  Callback<int(int)> callback = adder<TypeParam::value>(old);

  callback = adder<TypeParam::value>(alive);
  EXPECT_EQ(old, 0);
  EXPECT_EQ(callback(0), static_cast<int>(TypeParam::value));

  callback = nullptr;
  EXPECT_EQ(alive, 0);
  EXPECT_FALSE(callback);
}

TEST(Callback, passes_arguments_that_cannot_be_copied) {
  Callback<std::string(std::unique_ptr<std::string>)> callback =
      [suffix = std::make_unique<std::string>("!")](std::unique_ptr<std::string> text) {
        return *text + *suffix;
      };

  EXPECT_EQ(callback(std::make_unique<std::string>("moved")), "moved!");
}

TEST(Callback, ignores_a_result_that_nobody_wants) {
  int calls = 0;
  Callback<void()> callback = [&calls] { return ++calls; };

  callback();

  EXPECT_EQ(calls, 1);
}

}  // namespace
}  // namespace llm
