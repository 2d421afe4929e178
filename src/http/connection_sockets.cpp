#include "http/connection_sockets.hpp"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

namespace llm::http {

namespace {

int local_port_of(curl_socket_t socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) return -1;
  // The port is in the same place in addresses of both families.
  return ntohs(reinterpret_cast<const sockaddr_in*>(&address)->sin_port);
}

std::string name_of(const ConnectionEnds& ends) {
  std::string name(ends.local);
  name.append(" ").append(std::to_string(ends.local_port)).append(" ");
  return name.append(ends.peer).append(" ").append(std::to_string(ends.peer_port));
}

}  // namespace

void ConnectionSockets::add(curl_socket_t socket, const ConnectionEnds& ends) {
  // While IPv4 and IPv6 compete, the newest socket may be that of the connection that has lost.
  if (local_port_of(socket) != ends.local_port) return;
  const auto [place, is_new] = by_ends_.try_emplace(name_of(ends), socket);
  if (!is_new) return;
  try {
    by_socket_.emplace(socket, place);
  } catch (...) {
    by_ends_.erase(place);
    throw;
  }
}

curl_socket_t ConnectionSockets::find(const ConnectionEnds& ends) const {
  const auto found = by_ends_.find(name_of(ends));
  return found == by_ends_.end() ? CURL_SOCKET_BAD : found->second;
}

void ConnectionSockets::close(curl_socket_t socket) {
  if (const auto found = by_socket_.find(socket); found != by_socket_.end()) {
    by_ends_.erase(found->second);
    by_socket_.erase(found);
  }
  ::close(socket);
}

bool has_unasked_input(curl_socket_t socket) {
  pollfd idle{.fd = socket, .events = POLLIN, .revents = 0};
  return ::poll(&idle, 1, 0) == 1;
}

void break_connection(curl_socket_t socket) {
  // Not shutdown(): what has arrived would stay readable.
  const sockaddr nowhere{.sa_family = AF_UNSPEC, .sa_data = {}};
  ::connect(socket, &nowhere, sizeof nowhere);
}

}  // namespace llm::http
