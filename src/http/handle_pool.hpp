#pragma once

#include <curl/curl.h>

#include <array>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include <llm/transport.hpp>

namespace llm::http {

/// What requests must have in common to share a connection.
struct Route {
  std::string_view origin{};  ///< As Target::origin.
  ProxyUse proxy = ProxyUse::environment;
  PeerRule peer = PeerRule::any;
  friend bool operator==(const Route&, const Route&) = default;
};

/// A multi handle, which owns a connection, and the one easy handle that runs on it.
class HandlePair {
 public:
  /// Throws: std::bad_alloc.
  explicit HandlePair(const Route& route);
  HandlePair(const HandlePair&) = delete;
  HandlePair& operator=(const HandlePair&) = delete;
  /// Closes the connection.
  ~HandlePair();

  [[nodiscard]] CURLM* multi() const { return multi_; }
  [[nodiscard]] CURL* easy() const { return easy_; }
  [[nodiscard]] const Route& route() const { return route_; }

  /// True until prepared() was called: no option is set yet.
  [[nodiscard]] bool is_new() const { return is_new_; }
  void prepared() { is_new_ = false; }

  /// libcurl's words for what went wrong; its size is CURL_ERROR_SIZE.
  [[nodiscard]] char* detail() { return detail_.data(); }

  /// What has come of a body and is not handed out. Its memory, kMaxReceivedBytes from the start,
  /// is kept for the next exchange, and wiped between exchanges and at the end.
  [[nodiscard]] std::string& received() { return received_; }
  /// Makes room there.
  void forget_received();

  /// Begins an exchange; what libcurl calls back asks for `user`.
  void begin(void* user);
  [[nodiscard]] void* user() const { return user_; }

  /// Makes the end of this exchange forget every option, as if the handles were new. For one that
  /// libcurl began anew on another connection: it counts that, and gives up after five in all.
  void wear_out() { worn_out_ = true; }

  /// Ends the exchange: forgets its user, what was received, and what libcurl was given of its
  /// request. The connection stays, and so do the options that every exchange of this pair has in
  /// common.
  void end();

 private:
  void wipe_received();

  std::string origin_;
  Route route_;  ///< Its origin is a view of the one above.
  CURLM* multi_ = nullptr;
  CURL* easy_ = nullptr;
  void* user_ = nullptr;
  bool is_new_ = true;
  bool worn_out_ = false;
  std::array<char, CURL_ERROR_SIZE> detail_{};
  std::string received_;
  std::size_t longest_received_ = 0;  ///< In this exchange.
};

/// Handles that wait for their next exchange, with their connections. The connection cache belongs
/// to the multi handle, so that is what is kept. Safe from many threads.
class HandlePool {
 public:
  explicit HandlePool(std::size_t max_idle = 64) : max_idle_(max_idle) {
    idle_.reserve(max_idle + 1);
  }

  /// The one of that route that was used last, or a new one.
  [[nodiscard]] std::unique_ptr<HandlePair> take(const Route& route);

  /// Keeps handles whose last exchange has ended well; closes the longest idle when there are too
  /// many. Requires: nothing of that exchange is used any more.
  void give_back(std::unique_ptr<HandlePair> handles) noexcept;

  /// How many wait.
  [[nodiscard]] std::size_t idle() const;

 private:
  std::size_t max_idle_;
  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<HandlePair>> idle_;  ///< The longest idle first.
};

}  // namespace llm::http
