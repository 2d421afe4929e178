#include "http/peer_rule.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>

namespace llm::http {
namespace {

constexpr std::size_t kMappedPrefixBytes = 12;

constexpr IpAddress mapped(unsigned char a, unsigned char b, unsigned char c, unsigned char d) {
  return {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, a, b, c, d};
}

/// fd00:ec2::{last}
constexpr IpAddress ec2(unsigned char last_high, unsigned char last_low) {
  return {0xfd, 0, 0x0e, 0xc2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last_high, last_low};
}

constexpr IpAddress kLoopback6{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

// Amazon EC2 User Guide (instance metadata), ECS and EKS guides (container credentials).
constexpr std::array<IpAddress, 5> kMetadata{
    mapped(169, 254, 169, 254),  // instance metadata
    mapped(169, 254, 170, 2),    // ECS
    mapped(169, 254, 170, 23),   // EKS Pod Identity
    ec2(0x02, 0x54),             // instance metadata, IPv6
    ec2(0x00, 0x23),             // EKS Pod Identity, IPv6
};

IpAddress mapped(const in_addr& address) {
  IpAddress result = mapped(0, 0, 0, 0);
  std::memcpy(result.data() + kMappedPrefixBytes, &address, sizeof(address));
  return result;
}

bool is_loopback(const IpAddress& address) {
  constexpr IpAddress kFirst = mapped(127, 0, 0, 0);
  return address == kLoopback6 ||
         std::equal(kFirst.begin(), kFirst.begin() + kMappedPrefixBytes + 1, address.begin());
}

}  // namespace

std::optional<IpAddress> parse_ip_address(const std::string& text) {
  in_addr ipv4{};
  if (::inet_pton(AF_INET, text.c_str(), &ipv4) == 1) return mapped(ipv4);
  IpAddress ipv6{};
  if (::inet_pton(AF_INET6, text.c_str(), ipv6.data()) == 1) return ipv6;
  return std::nullopt;
}

std::optional<IpAddress> ip_address_of(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in ipv4{};
    std::memcpy(&ipv4, &address, sizeof(ipv4));
    return mapped(ipv4.sin_addr);
  }
  if (address.sa_family == AF_INET6) {
    sockaddr_in6 ipv6{};
    std::memcpy(&ipv6, &address, sizeof(ipv6));
    IpAddress result{};
    std::memcpy(result.data(), &ipv6.sin6_addr, result.size());
    return result;
  }
  return std::nullopt;
}

bool allows(PeerRule rule, const IpAddress& address) {
  switch (rule) {
    case PeerRule::any:
      return true;
    case PeerRule::loopback:
      return is_loopback(address);
    case PeerRule::metadata:
      return is_loopback(address) || std::ranges::find(kMetadata, address) != kMetadata.end();
  }
  return false;
}

}  // namespace llm::http
