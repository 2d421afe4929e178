#pragma once

#include <curl/curl.h>

#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <llm/transport.hpp>

#include "http/connection_sockets.hpp"
#include "http/easy_handle.hpp"
#include "http/head_parser.hpp"
#include "http/header_list.hpp"
#include "http/request_options.hpp"
#include "http/target.hpp"
#include "http/transport_core.hpp"

namespace llm::http {

/// One request and its response on an easy handle: options, callbacks, time limits and errors.
/// Never waits and reads no clock: whoever drives libcurl passes the time in.
///
/// Sending and receiving advance side by side: a server may respond before it has the whole
/// request. The members in brackets say where each one is; the time limits follow from them.
///
///   send:     connecting ─before_request()→ uploading ─note_upload()→ sent
///               !connected_                   [sent_bytes_]             [request_sent_at_]
///     limit:    connect (libcurl's)           idle                      first_byte, and idle while
///                                                                       [unacknowledged_]
///
///   receive:  nothing ─on_head_line()→ head ─blank line→ body ─transfer ends→ over
///               !parser_.started()       started()        complete()       [result_]
///     limit:    as for send              idle             idle, and        none
///                                                         refusal [refused_at_]
///
///   body:     on_body() appends to the buffer of the owner, who empties it. A full buffer pauses
///             libcurl [receive_paused_] until resume().
///
/// The total limit holds throughout.
class CurlTransfer {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  /// Called from within libcurl when a connection, the head or body bytes have arrived. Must not
  /// call libcurl.
  class Listener {
   public:
    virtual void on_arrival() = 0;

   protected:
    ~Listener() = default;
  };

  /// Where a transfer runs. All of it outlives the transfer.
  struct Place {
    TransportCore& core;
    EasyHandle& easy;
    std::string& received;  ///< Gets the body: at most pause_bytes and buffer_bytes together.
    std::size_t buffer_bytes = kReceiveBufferBytes;  ///< Most that libcurl reads at once.
    std::size_t pause_bytes = kReceiveBufferBytes;   ///< When libcurl is to stop reading.
    Listener* listener = nullptr;                    ///< Null: nobody is told.
    /// Of the multi handle, where the handle's OpenSockets do not tell; null: they do.
    ConnectionSockets* connections = nullptr;
  };

  CurlTransfer(const Place& place, std::shared_ptr<const Target> target, const HttpRequest& request,
               TimePoint now);
  CurlTransfer(const CurlTransfer&) = delete;
  CurlTransfer& operator=(const CurlTransfer&) = delete;
  ~CurlTransfer() = default;

  /// Sets the handle's options. Only the body of the request is used after this call. Requires: the
  /// handle has begun with `this` as its user before libcurl runs.
  [[nodiscard]] CURLcode configure(const HttpRequest& request);

  /// On which socket it runs, where the handle's OpenSockets do not tell.
  void runs_on(curl_socket_t socket) { socket_ = socket; }
  /// After each time that libcurl has run.
  void progressed(TimePoint now);
  /// libcurl says that the transfer is over.
  void ended(CURLcode result) { result_ = result; }
  /// Begins the idle limit again: it does not count the time that the owner of the buffer took.
  void restart_idle(TimePoint now) { last_progress_ = now; }
  /// Undoes the pause of a full buffer. libcurl delivers what it held back before this returns.
  [[nodiscard]] CURLcode resume();

  /// The error of a limit that has passed.
  [[nodiscard]] std::optional<Error> overdue(TimePoint now);
  /// The next limit as far as it is known now; it may move away.
  [[nodiscard]] std::optional<TimePoint> next_deadline() const;
  /// The error when libcurl gives up with `code`.
  [[nodiscard]] Error failure_of(CURLcode code) const;
  /// The error of a transfer that is over and not complete.
  [[nodiscard]] Error failure() const;

  [[nodiscard]] const HttpResponseHead& head() const { return parser_.head(); }
  [[nodiscard]] bool head_complete() const { return parser_.complete(); }
  [[nodiscard]] bool is_connected() const { return connected_; }
  [[nodiscard]] bool is_paused() const { return receive_paused_; }
  /// libcurl has ended it, well or not.
  [[nodiscard]] bool is_over() const { return result_.has_value(); }
  /// The whole response has arrived.
  [[nodiscard]] bool is_complete() const { return result_ == CURLE_OK && parser_.complete(); }
  [[nodiscard]] const std::string& host() const { return target_->host; }
  /// What a callback threw, which must not reach libcurl's C code; null: nothing.
  [[nodiscard]] std::exception_ptr take_exception() { return std::exchange(exception_, nullptr); }

 private:
  static CurlTransfer& of(void* easy);
  static curl_socket_t open_socket(void* easy, curlsocktype purpose, curl_sockaddr* address);
  static int before_request(void* easy, char* peer, char* local, int peer_port, int local_port);
  static std::size_t on_upload(char* out, std::size_t size, std::size_t count, void* easy);
  static std::size_t on_head_line(char* line, std::size_t size, std::size_t count, void* easy);
  static std::size_t on_body(char* bytes, std::size_t size, std::size_t count, void* easy);

  void set_callbacks(EasyOptions& options);
  void note_upload(TimePoint now);
  [[nodiscard]] long written_bytes() const;
  [[nodiscard]] int unacknowledged_bytes() const;
  [[nodiscard]] bool is_line_too_long(CURLcode code) const;
  void tell();
  [[nodiscard]] curl_socket_t reused_socket(const ConnectionEnds& ends);
  [[nodiscard]] bool is_uploading() const {
    return sent_bytes_ && (!request_sent_at_ || unacknowledged_ > 0);
  }
  void look_at_peer(TimePoint now);

  Place place_;
  std::shared_ptr<const Target> target_;
  HttpLimits limits_;
  PeerRule peer_;
  std::shared_ptr<const std::string> body_;
  bool may_be_repeated_;  ///< A GET: libcurl may send it again on another connection.

  TimePoint started_;
  curl_socket_t socket_ = CURL_SOCKET_BAD;
  curl_socket_t opened_ = CURL_SOCKET_BAD;  ///< The newest that was opened for this transfer.
  bool is_without_descriptor_ = false;      ///< None was left for a socket.
  bool is_repeat_refused_ = false;          ///< libcurl wanted to send it on another connection.
  long written_before_ = 0;  ///< libcurl's count of written bytes when the request began.
  std::optional<TimePoint> request_sent_at_;  ///< The kernel has all of it.
  int unacknowledged_ = 0;                    ///< Bytes of it that the peer's kernel does not have.
  TimePoint last_progress_;                   ///< Last byte of the upload or of the response.
  std::size_t body_offset_ = 0;               ///< Bytes of a large request body handed to libcurl.
  std::optional<curl_off_t> sent_bytes_;  ///< Bytes of it sent; unset before the request begins.
  std::optional<TimePoint> refused_at_;   ///< The head has arrived, and is not of a success.
  std::uint64_t body_bytes_ = 0;          ///< Bytes of the response body received.
  bool connected_ = false;
  bool something_arrived_ = false;  ///< Since the last progressed().

  HeadParser parser_;
  bool receive_paused_ = false;  ///< libcurl and the kernel hold the rest of what has arrived.

  // Why a callback made libcurl give up; its own code does not tell.
  bool is_peer_refused_ = false;
  std::optional<HeadParser::Fault> head_fault_;

  std::exception_ptr exception_;
  std::optional<CURLcode> result_;
  HeaderList headers_;
};

}  // namespace llm::http
