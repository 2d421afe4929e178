#pragma once

#include <curl/curl.h>

#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include <llm/transport.hpp>

#include "http/head_parser.hpp"
#include "http/header_list.hpp"
#include "http/request_options.hpp"
#include "http/target.hpp"
#include "http/transport_core.hpp"

namespace llm::http {

/// One request and its answer on a pair of handles of its own, run on the caller's thread.
class CurlExchange final : public HttpExchange {
 public:
  /// Takes handles from the pool of `core` and gives them back once the answer has ended well.
  CurlExchange(std::shared_ptr<TransportCore> core, std::shared_ptr<const Target> target,
               const HttpRequest& request, std::stop_token stop);
  CurlExchange(const CurlExchange&) = delete;
  CurlExchange& operator=(const CurlExchange&) = delete;
  /// Closes the connection of an exchange that has not ended.
  ~CurlExchange() override;

  /// Sends the request and blocks until the head of the answer is there. Called once, first.
  [[nodiscard]] Result<void> start(const HttpRequest& request);

  [[nodiscard]] const HttpResponseHead& head() const override { return parser_.head(); }
  [[nodiscard]] Result<std::string_view> read_some() override;

 private:
  using Clock = std::chrono::steady_clock;

  /// Why libcurl was told to give up, where its own code does not say.
  enum class Refusal { none, peer, head_too_large };

  static CurlExchange& of(void* handles);
  static curl_socket_t open_socket(void* handles, curlsocktype purpose, curl_sockaddr* address);
  static int before_request(void* handles, char* peer, char* local, int peer_port, int local_port);
  static std::size_t on_body_wanted(char* out, std::size_t size, std::size_t count, void* handles);
  static std::size_t on_head_line(char* line, std::size_t size, std::size_t count, void* handles);
  static std::size_t on_body(char* bytes, std::size_t size, std::size_t count, void* handles);

  void prepare(const HttpRequest& request, EasyOptions& options);
  void set_callbacks(EasyOptions& options);
  void receive();
  template <typename Ready>
  void run_until(Ready ready);
  void wait();
  void resume();
  void perform();
  void note_upload();
  [[nodiscard]] bool is_sending() const { return sent_bytes_ >= 0 && !request_sent_; }
  [[nodiscard]] std::optional<Error> overdue(Clock::time_point now) const;
  [[nodiscard]] std::chrono::milliseconds patience(Clock::time_point now) const;
  [[nodiscard]] std::optional<Clock::time_point> next_deadline() const;
  [[nodiscard]] Error failure_of(CURLcode code) const;
  [[nodiscard]] bool ended_well() const;
  void settle();

  std::shared_ptr<TransportCore> core_;
  std::shared_ptr<const Target> target_;
  HttpLimits limits_;
  PeerRule peer_;
  std::shared_ptr<const std::string> body_;
  bool body_goes_with_head_;
  std::stop_token stop_;

  Clock::time_point started_ = Clock::now();
  std::optional<Clock::time_point> request_sent_;
  Clock::time_point last_progress_ = started_;  ///< Of the body on its way out, or of the answer.
  std::size_t body_offset_ = 0;   ///< Bytes of the request's body that libcurl has taken.
  curl_off_t sent_bytes_ = -1;    ///< Those that left; -1 before the request begins.
  std::uint64_t body_bytes_ = 0;  ///< Bytes of the answer's body that have arrived.
  bool connected_ = false;
  bool head_grew_ = false;  ///< In this run of the transfer.

  HeadParser parser_;
  bool handed_out_ = false;  ///< What the handles have received of the body.
  bool paused_ = false;      ///< The rest of what has come waits inside libcurl and the kernel.

  Refusal refusal_ = Refusal::none;
  std::exception_ptr exception_;     ///< What a callback threw; libcurl's C code must not see it.
  std::optional<CURLcode> outcome_;  ///< Of the transfer, when it has ended.
  std::optional<Error> failure_;

  HeaderList headers_;
  std::unique_ptr<HandlePair> handles_;  ///< Null when the exchange has ended.
};

}  // namespace llm::http
