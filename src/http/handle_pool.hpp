#pragma once

#include <curl/curl.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace llm::http {

/// How long a connection may lie idle before it is used again or closed: well under the idle limits
/// of load balancers, which drop connections without a word.
inline constexpr std::chrono::seconds kMaxIdleTime{60};

/// A multi handle, which owns a connection, and the one easy handle that runs on it.
class HandlePair {
 public:
  /// `key` says which requests may share the connection.
  /// Throws: std::bad_alloc.
  explicit HandlePair(std::string key);
  HandlePair(const HandlePair&) = delete;
  HandlePair& operator=(const HandlePair&) = delete;
  /// Closes the connection.
  ~HandlePair();

  [[nodiscard]] CURLM* multi() const { return multi_; }
  [[nodiscard]] CURL* easy() const { return easy_; }
  [[nodiscard]] const std::string& key() const { return key_; }

  /// Forgets every option and callback of the last exchange; the connection stays.
  void reset();

 private:
  std::string key_;
  CURLM* multi_;
  CURL* easy_;
};

/// Handles that wait for their next exchange, with their connections. The connection cache belongs
/// to the multi handle, so that is what is kept. Safe from many threads.
class HandlePool {
 public:
  explicit HandlePool(std::size_t max_idle = 64) : max_idle_(max_idle) {}

  /// The one of that key that was used last, or a new one.
  [[nodiscard]] std::unique_ptr<HandlePair> take(const std::string& key);

  /// Keeps handles whose last exchange has ended well. Requires: nothing of that exchange is used
  /// any more.
  void give_back(std::unique_ptr<HandlePair> handles);

 private:
  struct Idle {
    std::unique_ptr<HandlePair> handles;
    std::chrono::steady_clock::time_point since;
  };

  std::size_t max_idle_;
  std::mutex mutex_;
  std::vector<Idle> idle_;  ///< The longest idle first.
};

}  // namespace llm::http
