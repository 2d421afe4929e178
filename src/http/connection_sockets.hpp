#pragma once

#include <curl/curl.h>

#include <map>
#include <string>
#include <string_view>

namespace llm::http {

/// The two addresses of a connection.
struct ConnectionEnds {
  std::string_view local{};
  int local_port = 0;
  std::string_view peer{};
  int peer_port = 0;
};

/// The sockets of a multi handle's connections, by the addresses of their two ends: libcurl tells
/// which connection a transfer has got by those alone.
class ConnectionSockets {
 public:
  /// Notes the connection if `socket` is its own. Throws: std::bad_alloc.
  void add(curl_socket_t socket, const ConnectionEnds& ends);
  /// CURL_SOCKET_BAD: not known.
  [[nodiscard]] curl_socket_t find(const ConnectionEnds& ends) const;
  void close(curl_socket_t socket);

 private:
  using ByEnds = std::map<std::string, curl_socket_t>;
  ByEnds by_ends_;
  std::map<curl_socket_t, ByEnds::iterator> by_socket_;
};

/// Whether the peer of an idle connection has sent something, or closed: nothing is due there.
[[nodiscard]] bool has_unasked_input(curl_socket_t socket);

/// Ends the connection with a reset; libcurl, which still owns the socket, finds it broken.
void break_connection(curl_socket_t socket);

}  // namespace llm::http
