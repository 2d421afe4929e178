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

/// One request and its response on its own pair of handles, run on the caller's thread.
///
/// Sending and receiving advance side by side: a server may respond before it has the whole
/// request. The members in brackets say where each one is; the time limits follow from them.
///
///   send:     connecting ─before_request()→ uploading ─note_upload()→ sent
///               !connected_                   [sent_bytes_]             [request_sent_at_]
///     limit:    connect (libcurl's)           idle                      first_byte
///
///   receive:  nothing ─on_head_line()→ head ─blank line→ body ─transfer ends→ over
///               !parser_.started()       started()        complete()           [transfer_result_]
///     limit:    as for send              idle             idle                 none
///
///   body:     on_body() fills handles_->received(); read_some() hands it out [handed_out_] and
///             discards it with the next call. A full buffer pauses libcurl [receive_paused_] until
///             the caller comes back.
///
/// The total limit holds throughout.
///
/// The exchange is over for good once handles_ is null. settle() decides how: after a complete
/// response the handles return to the pool with their connection, after anything else failure_ is
/// set and the connection is closed. What arrived before a failure is handed out first.
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

  [[nodiscard]] const HttpResponseHead& head() const override { return parser_.head(); }
  [[nodiscard]] Result<std::string_view> read_some() override;

 private:
  using Clock = std::chrono::steady_clock;

  /// Why a callback made libcurl give up; its own code does not tell.
  enum class AbortReason { none, peer_not_allowed, head_too_large };

  static CurlExchange& of(void* handles);
  static curl_socket_t open_socket(void* handles, curlsocktype purpose, curl_sockaddr* address);
  static int before_request(void* handles, char* peer, char* local, int peer_port, int local_port);
  static std::size_t on_upload(char* out, std::size_t size, std::size_t count, void* handles);
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
  [[nodiscard]] bool is_uploading() const { return sent_bytes_ && !request_sent_at_; }
  [[nodiscard]] std::optional<Error> overdue(Clock::time_point now) const;
  [[nodiscard]] std::chrono::milliseconds longest_wait(Clock::time_point now) const;
  [[nodiscard]] std::optional<Clock::time_point> next_deadline() const;
  [[nodiscard]] Error failure_of(CURLcode code) const;
  [[nodiscard]] bool is_complete() const;
  void settle();

  std::shared_ptr<TransportCore> core_;
  std::shared_ptr<const Target> target_;
  HttpLimits limits_;
  PeerRule peer_;
  std::shared_ptr<const std::string> body_;
  bool body_goes_with_head_;
  std::stop_token stop_;

  Clock::time_point started_ = Clock::now();
  std::optional<Clock::time_point> request_sent_at_;
  Clock::time_point last_progress_ = started_;  ///< Last byte of the upload or of the response.
  std::size_t body_offset_ = 0;                 ///< Bytes of the request body handed to libcurl.
  std::optional<curl_off_t> sent_bytes_;  ///< Bytes of it sent; unset before the request begins.
  std::uint64_t body_bytes_ = 0;          ///< Bytes of the response body received.
  bool connected_ = false;
  bool head_line_arrived_ = false;  ///< During the current perform().

  HeadParser parser_;
  bool handed_out_ = false;      ///< The caller has a view of what the handles hold.
  bool receive_paused_ = false;  ///< libcurl and the kernel hold the rest of what has arrived.

  AbortReason abort_reason_ = AbortReason::none;
  std::exception_ptr exception_;  ///< Thrown by a callback; must not reach libcurl's C code.
  std::optional<CURLcode> transfer_result_;  ///< Set when the transfer has ended.
  std::optional<Error> failure_;

  HeaderList headers_;
  std::unique_ptr<HandlePair> handles_;  ///< Null once the exchange is over.
};

}  // namespace llm::http
