// A parsed time is within its bounds and parses to the same when written again.
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/time.hpp"
#include "fuzz/require.hpp"

using llm::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace base = llm::base;
  const std::string_view input(reinterpret_cast<const char*>(data), size);

  if (const auto time = base::parse_rfc3339(input)) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(*time);
    require(seconds == base::parse_rfc3339(base::iso8601(*time)), "RFC 3339 reads the same again");
  }
  if (const auto time = base::parse_compact_iso8601(input)) {
    require(base::compact_iso8601(*time) == input, "a compact time is written as it was read");
  }
  if (const auto time = base::parse_http_date(input)) {
    require(base::http_date(*time) == input, "an HTTP date is written as it was read");
  }
  return 0;
}
