#include "tests/support/recorded.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <string>

namespace llm::test_support {

std::optional<int> for_each_recorded(std::initializer_list<std::string_view> formats,
                                     const std::function<void(const json::Value&)>& visit) {
  const char* const path = std::getenv("BEDROCK_RECORDED");
  if (path == nullptr) return std::nullopt;
  std::ifstream file(path);
  EXPECT_TRUE(file) << path;
  int count = 0;
  for (std::string line; std::getline(file, line);) {
    json::Parser parser;
    const auto exchange = parser.parse(line);
    EXPECT_TRUE(exchange);
    if (!exchange || std::ranges::count(formats, (*exchange)["form"].string()) == 0) continue;
    ++count;
    visit(*exchange);
  }
  return count;
}

HttpResponseHead head_of(const json::Value& exchange) {
  HttpResponseHead head{.status = static_cast<int>(exchange["status"].integer().value_or(0))};
  for (const auto [name, value] : exchange["response_headers"].members()) {
    head.headers.push_back({std::string(name), value.text_or_empty()});
  }
  return head;
}

}  // namespace llm::test_support
