#pragma once

#include <curl/curl.h>

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace llm::http {

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

  /// Keeps handles whose last exchange has ended well; closes the longest idle when there are too
  /// many. Requires: nothing of that exchange is used
  /// any more.
  void give_back(std::unique_ptr<HandlePair> handles);

  /// How many wait.
  [[nodiscard]] std::size_t idle() const;

 private:
  std::size_t max_idle_;
  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<HandlePair>> idle_;  ///< The longest idle first.
};

}  // namespace llm::http
