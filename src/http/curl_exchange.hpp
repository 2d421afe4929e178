#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>
#include <string_view>

#include <llm/transport.hpp>

#include "http/curl_transfer.hpp"
#include "http/handle_pool.hpp"
#include "http/transport_core.hpp"

namespace llm::http {

/// One request and its response on its own pair of handles, run on the caller's thread.
///
/// read_some() hands out what handles_->received() holds [handed_out_] and discards it with the
/// next call. The exchange is over for good once handles_ is null. settle() decides how: after a
/// complete response the handles return to the pool with their connection, after anything else
/// failure_ is set and the connection is closed. What arrived before a failure is handed out first.
class CurlExchange final : public HttpExchange {
 public:
  /// Takes handles from the pool of `core` and gives them back after a complete response.
  CurlExchange(std::shared_ptr<TransportCore> core, std::shared_ptr<const Target> target,
               const HttpRequest& request, std::stop_token stop);
  CurlExchange(const CurlExchange&) = delete;
  CurlExchange& operator=(const CurlExchange&) = delete;
  /// Closes the connection of an exchange that is not over.
  ~CurlExchange() override;

  /// Sends the request and blocks until the response head has arrived. Called once, first.
  [[nodiscard]] Result<void> start(const HttpRequest& request);

  [[nodiscard]] const HttpResponseHead& head() const override { return transfer_.head(); }
  [[nodiscard]] Result<std::string_view> read_some() override;

 private:
  using Clock = std::chrono::steady_clock;

  void receive();
  template <typename Ready>
  void run_until(Ready ready);
  void wait();
  void resume();
  void perform();
  [[nodiscard]] std::chrono::milliseconds longest_wait(Clock::time_point now) const;
  [[nodiscard]] bool is_complete() const { return !failure_ && transfer_.is_complete(); }
  void settle();

  std::shared_ptr<TransportCore> core_;
  std::unique_ptr<HandlePair> handles_;  ///< Null once the exchange is over.
  std::stop_token stop_;
  CurlTransfer transfer_;
  bool handed_out_ = false;  ///< The caller has a view of what the handles hold.
  std::optional<Error> failure_;
};

}  // namespace llm::http
