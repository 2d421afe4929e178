#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>

#include "http/target.hpp"

namespace llm::http {

/// Remembers where the last few URLs went, so that the next one of the same host is not taken apart
/// again. Safe from many threads.
class TargetCache {
 public:
  /// What parse_target() gives for `url`, errors included.
  [[nodiscard]] Result<std::shared_ptr<const Target>> find(const std::string& url);

 private:
  // Runtime, control plane, and where the credentials come from.
  static constexpr std::size_t kMaxEntries = 8;

  struct Entry {
    std::string prefix{};  ///< `scheme://authority` as in the URL; empty: not in use.
    std::shared_ptr<const Target> target{};
  };

  std::shared_ptr<const Target> known(std::string_view prefix);
  void remember(std::string_view prefix, std::shared_ptr<const Target> target);

  std::mutex mutex_;
  std::array<Entry, kMaxEntries> entries_;
  std::size_t oldest_ = 0;
};

}  // namespace llm::http
