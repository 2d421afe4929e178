#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>

#include "http/target.hpp"

namespace llm::http {

/// Caches the targets of the last few hosts, so that the next URL of one of them is not parsed
/// again. Safe from many threads.
class TargetCache {
 public:
  /// The result of parse_target(url), errors included.
  [[nodiscard]] Result<std::shared_ptr<const Target>> find(const std::string& url);

 private:
  // Enough for the runtime, the control plane and the credential services.
  static constexpr std::size_t kMaxEntries = 8;

  struct Entry {
    std::string prefix{};  ///< `scheme://authority` as in the URL; empty: unused.
    std::shared_ptr<const Target> target{};
  };

  std::shared_ptr<const Target> cached(std::string_view prefix);
  void add(std::string_view prefix, std::shared_ptr<const Target> target);

  std::mutex mutex_;
  std::array<Entry, kMaxEntries> entries_;
  std::size_t oldest_ = 0;
};

}  // namespace llm::http
