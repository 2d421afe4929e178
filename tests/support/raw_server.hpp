#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace llm::test_support {

/// One action of a RawServer on a connection.
struct Step {
  enum class Kind {
    read_request,
    read_head,
    respond,
    respond_unkept,
    send,
    send_endlessly,
    wait,
    await_close,
    reset,
    repeat
  };
  Kind kind = Kind::read_request;
  std::string bytes{};
  std::function<std::string(const std::string&)> respond{};
};

/// Reads one complete request (head and a body of `Content-Length`); ends the script when the
/// client has closed the connection.
[[nodiscard]] Step read_request();
/// Reads up to the end of one request's head.
[[nodiscard]] Step read_head();
/// Reads one complete request and sends the result of `response`, which is called by the thread of
/// the connection. Ends the script when the client has closed the connection.
[[nodiscard]] Step respond(std::function<std::string(const std::string& request)> response);
/// The same without recording the request in `RawServer::requests`, for millions of them.
[[nodiscard]] Step respond_unkept(std::function<std::string(const std::string& request)> response);
/// Sends these bytes, whatever they are.
[[nodiscard]] Step send_bytes(std::string bytes);
/// Sends these bytes again and again until the client closes the connection.
[[nodiscard]] Step send_endlessly(std::string bytes);
/// Waits for one call of `RawServer::signal`.
[[nodiscard]] Step wait_for_signal();
/// Reads and drops bytes until the client closes the connection.
[[nodiscard]] Step await_close();
/// Closes with a TCP reset.
[[nodiscard]] Step reset_connection();
/// Begins the script again on the same connection.
[[nodiscard]] Step repeat_script();

/// What a server does on one connection; then it closes it.
using Script = std::vector<Step>;

/// The Content-Length of a head; 0: it has none.
[[nodiscard]] std::size_t content_length(std::string_view head);

/// A complete response with `Content-Length`.
[[nodiscard]] std::string http_response(std::string_view body, std::string_view status = "200 OK");
/// Sends the same response to every request.
[[nodiscard]] Script always_respond(std::string response);

/// A server on 127.0.0.1 that follows scripts and counts. All members are safe from many threads;
/// its destructor closes everything.
class RawServer {
 public:
  /// The n-th connection follows the n-th script, any later one the last. `receive_buffer`, in
  /// bytes, is what the kernel takes of a connection whose script does not read; 0: its default.
  explicit RawServer(std::vector<Script> scripts, int receive_buffer = 0);
  explicit RawServer(Script script, int receive_buffer = 0)
      : RawServer(std::vector<Script>{std::move(script)}, receive_buffer) {}
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;
  ~RawServer();

  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// `http://127.0.0.1:{port}{path}`
  [[nodiscard]] std::string url(std::string_view path = "/") const;

  [[nodiscard]] std::size_t connections() const;
  /// Every complete request so far, as received.
  [[nodiscard]] std::vector<std::string> requests() const;

  /// Lets one `wait_for_signal` continue.
  void signal();
  /// Blocks until `count` complete requests were read; false after ten seconds.
  [[nodiscard]] bool await_requests(std::size_t count) const;
  /// Blocks until `count` `await_close` steps have ended; false after ten seconds.
  [[nodiscard]] bool await_client_closes(std::size_t count) const;
  /// Blocks until the server has closed or reset `count` connections; false after ten seconds.
  [[nodiscard]] bool await_server_closes(std::size_t count) const;

 private:
  void accept_connections();
  void serve(int socket, const Script& script);
  bool follow(int socket, const Step& step);
  static std::optional<std::string> receive_head(int socket);
  static std::optional<std::string> receive_request(int socket);
  void record(const std::string& request);
  bool await_signal();

  std::vector<Script> scripts_;
  int listener_ = -1;
  std::uint16_t port_ = 0;

  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::vector<std::string> requests_;
  std::vector<int> sockets_;
  std::size_t signals_ = 0;
  std::size_t client_closes_ = 0;
  std::size_t server_closes_ = 0;
  bool ending_ = false;
  std::vector<std::jthread> workers_;
  std::jthread acceptor_;
};

}  // namespace llm::test_support
