#pragma once

#include <curl/curl.h>

#include <array>
#include <cstddef>

#include "port/fork.hpp"

namespace llm::http {

/// The sockets that libcurl has open for one multi handle.
class OpenSockets {
 public:
  void add(curl_socket_t socket);
  /// The newest; CURL_SOCKET_BAD without one. Once connected, it is the connection's.
  [[nodiscard]] curl_socket_t newest() const {
    return count_ > 0 ? sockets_[count_ - 1] : CURL_SOCKET_BAD;
  }
  void close(curl_socket_t socket);
  void close_all();

 private:
  // One connection; two while IPv4 and IPv6 compete, and the one that is being replaced.
  std::array<curl_socket_t, 8> sockets_{};
  std::size_t count_ = 0;
};

/// An easy handle that serves one exchange after another.
class EasyHandle {
 public:
  /// `sockets`, when given, gets those that libcurl opens, and outlives the multi handle.
  /// Throws: std::bad_alloc.
  explicit EasyHandle(OpenSockets* sockets = nullptr);
  EasyHandle(const EasyHandle&) = delete;
  EasyHandle& operator=(const EasyHandle&) = delete;
  /// Requires: it has been removed from its multi handle; but that of another process is abandoned.
  ~EasyHandle();

  [[nodiscard]] CURL* get() const { return easy_; }
  /// Null: nobody wants to know.
  [[nodiscard]] OpenSockets* sockets() const { return sockets_; }
  /// False after `fork` in the child: then libcurl must not touch it any more, nor its multi
  /// handle.
  [[nodiscard]] bool is_of_this_process() const { return process_.is_current(); }

  /// True until prepared() is called: no option is set yet.
  [[nodiscard]] bool is_new() const { return is_new_; }
  void prepared() { is_new_ = false; }

  /// Buffer for libcurl's error text, of size CURL_ERROR_SIZE.
  [[nodiscard]] char* detail() { return detail_.data(); }

  /// Begins an exchange. Callbacks get back to it through user().
  void begin(void* user);
  [[nodiscard]] void* user() const { return user_; }

  /// Makes end() reset every option. For an exchange that libcurl restarted on another connection:
  /// libcurl counts restarts per easy handle and gives up after five.
  void reset_at_end() { reset_at_end_ = true; }

  /// Ends the exchange: clears its user and libcurl's pointers into the request. Keeps the options
  /// that all exchanges on this handle share. Requires: as the destructor.
  void end();

 private:
  port::ProcessMark process_;
  CURL* easy_ = nullptr;
  OpenSockets* sockets_ = nullptr;
  void* user_ = nullptr;
  bool is_new_ = true;
  bool reset_at_end_ = false;
  std::array<char, CURL_ERROR_SIZE> detail_{};
};

}  // namespace llm::http
