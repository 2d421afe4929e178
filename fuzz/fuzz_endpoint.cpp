// An accepted endpoint or region leads to the host it appears to name, and parses to the same
// again.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "aws/endpoint.hpp"
#include "fuzz/require.hpp"

namespace {

using llm::fuzz::require;

bool is_plain(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f; });
}

void check_endpoint(std::string_view input) {
  const auto endpoint = llm::aws::parse_endpoint(input, "endpoint");
  if (!endpoint) {
    require(endpoint.error().code == llm::ErrorCode::configuration_error, "the code of the error");
    return;
  }
  require(is_plain(endpoint->url()), "no blank, control or foreign byte is let through");
  require(endpoint->host.find_first_of("@/\\?#") == std::string::npos, "the host is a host");
  require(endpoint->url().find_first_of("\\?#") == std::string::npos, "no query, no fragment");
  require(!endpoint->path.ends_with('/'), "the path has no / at its end");
  const auto again = llm::aws::parse_endpoint(endpoint->url(), "endpoint");
  require(again && again->url() == endpoint->url(), "reading it again changes nothing");
  require(again->loopback == endpoint->loopback, "loopback stays loopback");
}

void check_region(std::string_view input) {
  for (const bool fips : {false, true}) {
    for (const bool dual_stack : {false, true}) {
      const auto url = llm::aws::aws_endpoint("bedrock-runtime", input, {fips, dual_stack});
      if (!url) continue;
      const auto endpoint = llm::aws::parse_endpoint(*url, "endpoint");
      require(endpoint && endpoint->url() == *url, "a region makes a usable endpoint");
      require(endpoint->host.starts_with("bedrock-runtime") && endpoint->path.empty(),
              "a region stays inside the host name");
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  check_endpoint(input);
  check_endpoint("https://" + std::string(input));
  check_region(input);
  return 0;
}
