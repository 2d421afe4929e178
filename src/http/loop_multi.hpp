#pragma once

#include <curl/curl.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "http/connection_sockets.hpp"
#include "http/easy_handle.hpp"
#include "http/handle_pool.hpp"
#include "http/transport_core.hpp"
#include "loop/core.hpp"

namespace llm::http {

class LoopExchange;

/// The multi handle of one transport on one loop, driven by its descriptors and one timer.
/// libcurl's callbacks only note what happened; exchanges act on it in jobs of the loop, so that
/// whatever those start, stop or destroy, libcurl is never called from within itself.
class LoopMulti final : public loop::Ending, private loop::Watcher {
 public:
  /// Throws: std::bad_alloc.
  LoopMulti(loop::Core& core, std::shared_ptr<TransportCore> transport);
  ~LoopMulti() override;

  /// The loop has ended.
  [[nodiscard]] bool is_closed() const { return multi_ == nullptr; }
  [[nodiscard]] loop::Core& loop() const { return core(); }
  [[nodiscard]] TransportCore& transport() { return *transport_; }
  [[nodiscard]] ConnectionSockets& connections() { return connections_; }

  /// Runs the exchange's handle, at once or when its turn to connect comes.
  void add(LoopExchange& exchange);
  /// The exchange has its connection: the next one may connect.
  void connected(LoopExchange& exchange);
  /// Takes the exchange's handle out, whatever its state. Closes its connection if it is in use.
  void remove(LoopExchange& exchange);

  /// A handle that may have served before on that route; give it back after a complete response.
  [[nodiscard]] std::unique_ptr<EasyHandle> take_handle(const Route& route);
  void give_back(const Route& route, std::unique_ptr<EasyHandle> handle) noexcept;

  void end_with_loop() override;

 private:
  struct IdleHandle {
    std::string origin;
    ProxyUse proxy;
    PeerRule peer;
    std::unique_ptr<EasyHandle> handle;
  };

  static int on_socket(CURL* easy, curl_socket_t socket, int what, void* self, void* socket_data);
  static int on_timer(CURLM* multi, long timeout_ms, void* self);
  void on_ready(int descriptor, std::uint32_t events) override;

  void start(LoopExchange& exchange);
  void start_waiting();
  void act(curl_socket_t socket, int events);
  void collect_ended();
  void close();

  std::shared_ptr<TransportCore> transport_;
  ConnectionSockets connections_;  ///< Until the multi handle has closed them.
  CURLM* multi_ = nullptr;
  CURLSH* share_ = nullptr;  ///< TLS sessions, which libcurl 7.88 otherwise keeps per easy handle.
  loop::Timer timer_;
  std::deque<LoopExchange*> waiting_;  ///< For their turn to connect.
  std::vector<LoopExchange*> running_;
  int connecting_ = 0;
  bool is_starting_ = false;  ///< Exchanges that wait are being started.
  std::vector<IdleHandle> idle_handles_;
};

}  // namespace llm::http
