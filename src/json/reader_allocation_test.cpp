// Counts every allocation of this program, to see that reading allocates none once it is warm.

#include <atomic>
#include <cstdlib>
#include <new>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "json/reader.hpp"

namespace {

std::atomic<int> allocations = 0;
std::atomic<bool> has_memory = true;

void* counted(std::size_t bytes) {
  ++allocations;
  if (!has_memory) return nullptr;
  return std::malloc(bytes == 0 ? 1 : bytes);
}

}  // namespace

void* operator new(std::size_t bytes) {
  void* const memory = counted(bytes);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
void* operator new[](std::size_t bytes) { return ::operator new(bytes); }
void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept { return counted(bytes); }
void* operator new[](std::size_t bytes, const std::nothrow_t&) noexcept { return counted(bytes); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

namespace llm::json {
namespace {

TEST(JsonReader, allocates_nothing_for_a_text_that_fits_its_buffers) {
  const std::string first = R"({"text":")" + std::string(10'000, 'x') + R"("})";
  const std::string second = R"({"delta":{"text":"a"},"list":[1,2.5,true,null,"\u00e9"]})";
  Parser parser;
  ASSERT_TRUE(parser.parse(first));
  const int before = allocations;

  const auto value = parser.parse(second);
  const std::optional<std::string_view> text = (*value)["delta"]["text"].string();
  std::size_t elements = 0;
  for ([[maybe_unused]] const Value element : (*value)["list"].elements()) ++elements;
  const int after = allocations;

  EXPECT_EQ(after, before);
  EXPECT_EQ(text, "a");
  EXPECT_EQ(elements, 5U);
}

TEST(JsonReader, allocates_nothing_for_a_small_text_after_another_parser_of_the_thread) {
  constexpr std::string_view kText = R"({"a":[1,2,3]})";
  ASSERT_TRUE(Parser().parse(kText));
  const int before = allocations;

  const bool parsed = Parser().parse(kText).has_value();
  const int after = allocations;

  EXPECT_TRUE(parsed);
  EXPECT_EQ(after, before);
}

TEST(JsonReader, calls_no_text_malformed_for_which_there_is_no_memory) {
  const std::string text = R"({"text":")" + std::string(100'000, 'x') + R"("})";
  Parser parser;
  bool is_out_of_memory = false;

  has_memory = false;
  try {
    (void)parser.parse(text);
  } catch (const std::bad_alloc&) {
    is_out_of_memory = true;
  }
  has_memory = true;

  EXPECT_TRUE(is_out_of_memory);
  EXPECT_TRUE(parser.parse(text));
}

}  // namespace
}  // namespace llm::json
