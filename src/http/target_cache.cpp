#include "http/target_cache.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace llm::http {
namespace {

// Longer ones are parsed each time; libcurl has its own limit and reports it.
constexpr std::size_t kMaxUrlBytes = 64 * 1024;

/// `scheme://authority` of a URL in the usual form, or empty. A Target depends on nothing else.
std::string_view prefix_of(std::string_view url) {
  constexpr std::string_view kEnd = "://";
  if (url.size() > kMaxUrlBytes) return {};
  const std::size_t scheme_end = url.find(kEnd);
  if (scheme_end == std::string_view::npos) return {};
  const std::size_t authority = scheme_end + kEnd.size();
  const std::size_t end = std::min(url.find_first_of("/?#", authority), url.size());
  // libcurl accepts a third slash.
  if (end == authority || url.find('/') < scheme_end) return {};
  return url.substr(0, end);
}

}  // namespace

Result<std::shared_ptr<const Target>> TargetCache::find(const std::string& url) {
  const std::string_view prefix = prefix_of(url);
  if (!prefix.empty()) {
    if (auto target = cached(prefix)) {
      if (auto checked = check_url_bytes(url); !checked) return std::unexpected(checked.error());
      return target;
    }
  }
  auto parsed = parse_target(url);
  if (!parsed) return std::unexpected(parsed.error());
  auto target = std::make_shared<const Target>(*std::move(parsed));
  if (!prefix.empty()) add(prefix, target);
  return target;
}

std::shared_ptr<const Target> TargetCache::cached(std::string_view prefix) {
  const std::scoped_lock lock(mutex_);
  const auto found = std::ranges::find(entries_, prefix, &Entry::prefix);
  return found == entries_.end() ? nullptr : found->target;
}

void TargetCache::add(std::string_view prefix, std::shared_ptr<const Target> target) {
  const std::scoped_lock lock(mutex_);
  entries_[oldest_] = {.prefix = std::string(prefix), .target = std::move(target)};
  oldest_ = (oldest_ + 1) % kMaxEntries;
}

}  // namespace llm::http
