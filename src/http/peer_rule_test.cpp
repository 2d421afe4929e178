#include "http/peer_rule.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

namespace llm::http {
namespace {

struct Case {
  const char* address;
  bool loopback;
  bool metadata;
};

TEST(PeerRule, allows_what_the_rule_names_in_both_families) {
  const Case cases[] = {
      {"127.0.0.1", true, true},
      {"127.255.255.254", true, true},
      {"128.0.0.1", false, false},
      {"126.255.255.255", false, false},
      {"0.0.0.0", false, false},
      {"10.0.0.1", false, false},
      {"::1", true, true},
      {"::2", false, false},
      {"::", false, false},
      {"::ffff:127.0.0.1", true, true},
      {"::ffff:10.0.0.1", false, false},
      {"::127.0.0.1", false, false},
      {"64:ff9b::7f00:1", false, false},
      {"169.254.169.254", false, true},
      {"::ffff:169.254.169.254", false, true},
      {"169.254.170.2", false, true},
      {"169.254.170.23", false, true},
      {"169.254.169.253", false, false},
      {"169.254.170.3", false, false},
      {"fd00:ec2::254", false, true},
      {"fd00:ec2::23", false, true},
      {"fd00:ec2::253", false, false},
      {"fd00:ec3::254", false, false},
      {"fe80::1", false, false},
  };
  for (const Case& expected : cases) {
    const auto address = parse_ip_address(expected.address);

    ASSERT_TRUE(address) << expected.address;
    EXPECT_TRUE(allows(PeerRule::any, *address)) << expected.address;
    EXPECT_EQ(allows(PeerRule::loopback, *address), expected.loopback) << expected.address;
    EXPECT_EQ(allows(PeerRule::metadata, *address), expected.metadata) << expected.address;
  }
}

TEST(PeerRule, reads_socket_addresses_as_it_reads_text) {
  sockaddr_storage storage{};
  auto& generic = reinterpret_cast<sockaddr&>(storage);
  auto& ipv4 = reinterpret_cast<sockaddr_in&>(storage);
  ipv4.sin_family = AF_INET;
  ::inet_pton(AF_INET, "169.254.170.2", &ipv4.sin_addr);
  const auto from_ipv4 = ip_address_of(generic);
  auto& ipv6 = reinterpret_cast<sockaddr_in6&>(storage);
  ipv6.sin6_family = AF_INET6;
  ::inet_pton(AF_INET6, "fd00:ec2::254", &ipv6.sin6_addr);
  const auto from_ipv6 = ip_address_of(generic);
  generic.sa_family = AF_UNIX;
  const auto from_unix = ip_address_of(generic);

  EXPECT_EQ(from_ipv4, parse_ip_address("169.254.170.2"));
  EXPECT_EQ(from_ipv6, parse_ip_address("fd00:ec2::254"));
  EXPECT_EQ(from_unix, std::nullopt);
}

TEST(PeerRule, finds_no_address_in_other_text) {
  for (const char* text :
       {"", "localhost", "127.1", "2130706433", "[::1]", "127.0.0.1 ", "::1%lo"}) {
    EXPECT_EQ(parse_ip_address(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace llm::http
