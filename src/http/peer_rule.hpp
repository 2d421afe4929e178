#pragma once

#include <sys/socket.h>

#include <array>
#include <optional>
#include <string>

#include <llm/transport.hpp>

namespace llm::http {

/// An IP address in network order; IPv4 as the IPv4-mapped ::ffff:a.b.c.d.
using IpAddress = std::array<unsigned char, 16>;

/// From text such as `127.0.0.1` or `::1`, without brackets or zone; nullopt for anything else.
[[nodiscard]] std::optional<IpAddress> parse_ip_address(const std::string& text);

/// From a socket's address; nullopt when it is neither IPv4 nor IPv6.
[[nodiscard]] std::optional<IpAddress> ip_address_of(const sockaddr& address);

/// True when `rule` lets a request connect to `address`.
[[nodiscard]] bool allows(PeerRule rule, const IpAddress& address);

}  // namespace llm::http
