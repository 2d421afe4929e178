#include "http/header_list.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace llm::http {
namespace {

using testing::ElementsAre;

std::vector<std::string> lines_of(const HttpRequest& request) {
  HeaderList list(request);
  std::vector<std::string> lines;
  for (const curl_slist* node = list.get(); node != nullptr; node = node->next) {
    lines.emplace_back(node->data);
  }
  return lines;
}

TEST(HeaderList, has_the_headers_in_order_and_keeps_libcurl_from_adding_its_own) {
  const auto lines = lines_of({.headers = {{.name = "X-Long", .value = std::string(500, 'v')},
                                           {.name = "X-Empty", .value = ""},
                                           {.name = "accept", .value = "a/b"}}});

  EXPECT_THAT(lines, ElementsAre("X-Long: " + std::string(500, 'v'), "X-Empty;", "accept: a/b",
                                 "Expect:", "Content-Type:"));
}

TEST(HeaderList, leaves_headers_of_the_request_as_they_are) {
  const auto lines = lines_of({.headers = {{.name = "Expect", .value = "x"},
                                           {.name = "ACCEPT", .value = "y"},
                                           {.name = "content-type", .value = "z"}}});

  EXPECT_THAT(lines, ElementsAre("Expect: x", "ACCEPT: y", "content-type: z"));
}

}  // namespace
}  // namespace llm::http
