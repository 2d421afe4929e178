#pragma once

#include <curl/curl.h>

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include <llm/transport.hpp>

#include "http/easy_handle.hpp"
#include "port/fork.hpp"

namespace llm::http {

/// What two requests must share to use the same connection.
struct Route {
  std::string_view origin{};  ///< Target::origin.
  ProxyUse proxy = ProxyUse::environment;
  PeerRule peer = PeerRule::any;
  friend bool operator==(const Route&, const Route&) = default;
};

/// A multi handle, which owns one connection, and the easy handle that runs on it.
class HandlePair {
 public:
  /// Throws: std::bad_alloc.
  explicit HandlePair(const Route& route);
  HandlePair(const HandlePair&) = delete;
  HandlePair& operator=(const HandlePair&) = delete;
  /// Closes the connection. In a child of the process that made it: closes the child's copy of the
  /// socket, sends nothing, and abandons the handles.
  ~HandlePair();

  [[nodiscard]] CURLM* multi() const { return multi_; }
  [[nodiscard]] EasyHandle& easy() { return easy_; }
  [[nodiscard]] const Route& route() const { return route_; }
  /// False in a child of the process that made it, which must do nothing but destroy it.
  [[nodiscard]] bool is_of_this_process() const { return easy_.is_of_this_process(); }

  /// Body bytes received and not yet discarded. Reserves kMaxReceivedBytes from the start; reused
  /// by the next exchange, and wiped between exchanges and on destruction.
  [[nodiscard]] std::string& received() { return received_; }
  /// Empties received() without wiping it.
  void discard_received();

  /// Begins an exchange; `user` as for `EasyHandle::begin`.
  void begin(void* user);
  /// Ends the exchange and wipes the received bytes. Keeps the connection.
  void end();

 private:
  void wipe_received();

  std::string origin_;
  Route route_;  ///< Its origin is a view of origin_.
  OpenSockets sockets_;
  EasyHandle easy_{&sockets_};
  CURLM* multi_ = nullptr;
  std::string received_;
  std::size_t longest_received_ = 0;  ///< During this exchange; how much to wipe.
};

/// Idle handles with their open connections. A connection belongs to its multi handle, so the pool
/// keeps whole pairs, and to the process that opened it: two that share one would read each other's
/// responses. Safe from many threads.
class HandlePool {
 public:
  explicit HandlePool(std::size_t max_idle = 64) : max_idle_(max_idle) {
    idle_.reserve(max_idle + 1);
  }

  /// The most recently used pair for `route`, or a new one. Drops those of another process.
  [[nodiscard]] std::unique_ptr<HandlePair> take(const Route& route);

  /// Returns handles after a complete response; closes the longest idle pair if there are too many.
  /// Requires: nothing refers to that exchange any more.
  void give_back(std::unique_ptr<HandlePair> handles) noexcept;

  /// Number of idle pairs.
  [[nodiscard]] std::size_t idle() const;

 private:
  void drop_foreign();

  std::size_t max_idle_;
  mutable std::mutex mutex_;
  port::ProcessMark process_;                      ///< That made those in `idle_`.
  std::vector<std::unique_ptr<HandlePair>> idle_;  ///< Longest idle first.
};

}  // namespace llm::http
