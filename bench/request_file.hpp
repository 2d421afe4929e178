#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// A request as our library sends it, which the floors send again byte for byte.
struct RawRequest {
  std::string bytes{};                 ///< Head and body.
  std::string path{};                  ///< From `/` on.
  std::vector<std::string> headers{};  ///< `name: value`, without Content-Length.
  std::string_view body{};             ///< Inside `bytes`.
};

/// Reads what `bench_ours --print-request` wrote. An empty path: it could not be read.
[[nodiscard]] RawRequest read_request(const std::string& file);

}  // namespace bench
