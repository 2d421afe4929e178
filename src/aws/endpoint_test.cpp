#include "aws/endpoint.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <string>

#include "tests/support/row_name.hpp"

namespace llm::aws {
namespace {

using test_support::row_name;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr EndpointVariant kPlain{};
constexpr EndpointVariant kFips{.fips = true};
constexpr EndpointVariant kDualStack{.dual_stack = true};
constexpr EndpointVariant kBoth{.fips = true, .dual_stack = true};

struct HostRow {
  std::string service;
  std::string region;
  EndpointVariant variant;
  std::string url;
};

void PrintTo(const HostRow& row, std::ostream* out) { *out << row.url; }

class AwsEndpointTest : public ::testing::TestWithParam<HostRow> {};

TEST_P(AwsEndpointTest, follows_the_partition_of_the_region) {
  const auto url = aws_endpoint(GetParam().service, GetParam().region, GetParam().variant);

  ASSERT_TRUE(url) << url.error().message;
  EXPECT_EQ(*url, GetParam().url);
}

const HostRow kHosts[] = {
    {"bedrock-runtime", "us-east-1", kPlain, "https://bedrock-runtime.us-east-1.amazonaws.com"},
    {"bedrock-mantle", "us-east-1", kPlain, "https://bedrock-mantle.us-east-1.api.aws"},
    {"bedrock-mantle", "us-gov-west-1", kDualStack, "https://bedrock-mantle.us-gov-west-1.api.aws"},
    {"bedrock", "eu-west-3", kPlain, "https://bedrock.eu-west-3.amazonaws.com"},
    {"bedrock-runtime", "us-east-1", kFips, "https://bedrock-runtime-fips.us-east-1.amazonaws.com"},
    {"bedrock-runtime", "us-east-1", kDualStack, "https://bedrock-runtime.us-east-1.api.aws"},
    {"bedrock-runtime", "us-east-1", kBoth, "https://bedrock-runtime-fips.us-east-1.api.aws"},
    {"bedrock-runtime", "cn-north-1", kPlain,
     "https://bedrock-runtime.cn-north-1.amazonaws.com.cn"},
    {"bedrock-runtime", "cn-north-1", kDualStack,
     "https://bedrock-runtime.cn-north-1.api.amazonwebservices.com.cn"},
    {"bedrock-runtime", "us-gov-west-1", kPlain,
     "https://bedrock-runtime.us-gov-west-1.amazonaws.com"},
    {"bedrock-runtime", "us-gov-west-1", kFips,
     "https://bedrock-runtime-fips.us-gov-west-1.amazonaws.com"},
    {"bedrock-runtime", "us-gov-west-1", kDualStack,
     "https://bedrock-runtime.us-gov-west-1.api.aws"},
    {"bedrock-runtime", "eusc-de-east-1", kPlain,
     "https://bedrock-runtime.eusc-de-east-1.amazonaws.eu"},
    {"bedrock-runtime", "eusc-de-east-1", kDualStack,
     "https://bedrock-runtime.eusc-de-east-1.api.amazonwebservices.eu"},
    {"bedrock-runtime", "us-iso-east-1", kFips,
     "https://bedrock-runtime-fips.us-iso-east-1.c2s.ic.gov"},
    {"bedrock-runtime", "us-iso-east-1", kDualStack,
     "https://bedrock-runtime.us-iso-east-1.api.aws.ic.gov"},
    {"bedrock-runtime", "us-isob-east-1", kPlain,
     "https://bedrock-runtime.us-isob-east-1.sc2s.sgov.gov"},
    {"bedrock-runtime", "us-isob-east-1", kDualStack,
     "https://bedrock-runtime.us-isob-east-1.api.aws.scloud"},
    {"bedrock-runtime", "eu-isoe-west-1", kPlain,
     "https://bedrock-runtime.eu-isoe-west-1.cloud.adc-e.uk"},
    {"bedrock-runtime", "eu-isoe-west-1", kDualStack,
     "https://bedrock-runtime.eu-isoe-west-1.api.cloud-aws.adc-e.uk"},
    {"bedrock-runtime", "us-isof-south-1", kPlain,
     "https://bedrock-runtime.us-isof-south-1.csp.hci.ic.gov"},
    {"bedrock-runtime", "us-isof-south-1", kDualStack,
     "https://bedrock-runtime.us-isof-south-1.api.aws.hci.ic.gov"},
    {"bedrock-runtime", "xx-new-9", kPlain, "https://bedrock-runtime.xx-new-9.amazonaws.com"},
    {"sts", "ap-south-2", kPlain, "https://sts.ap-south-2.amazonaws.com"},
    {"sts", "us-west-2", kFips, "https://sts-fips.us-west-2.amazonaws.com"},
    {"sts", "us-gov-east-1", kFips, "https://sts.us-gov-east-1.amazonaws.com"},
    {"sts", "us-gov-east-1", kBoth, "https://sts-fips.us-gov-east-1.api.aws"},
    {"oidc", "us-east-1", kPlain, "https://oidc.us-east-1.amazonaws.com"},
    {"oidc", "us-gov-west-1", kFips, "https://oidc.us-gov-west-1.amazonaws.com"},
    {"portal.sso", "eu-west-1", kPlain, "https://portal.sso.eu-west-1.amazonaws.com"},
    {"portal.sso", "eu-west-1", kFips, "https://portal.sso-fips.eu-west-1.amazonaws.com"},
    {"portal.sso", "us-gov-west-1", kFips, "https://portal.sso.us-gov-west-1.amazonaws.com"},
    {"signin", "us-east-1", kPlain, "https://us-east-1.signin.aws.amazon.com"},
    {"signin", "cn-north-1", kPlain, "https://cn-north-1.signin.amazonaws.cn"},
    {"signin", "us-gov-west-1", kPlain, "https://us-gov-west-1.signin.amazonaws-us-gov.com"},
    {"signin", "us-iso-east-1", kPlain, "https://us-iso-east-1.signin.c2shome.ic.gov"},
    {"signin", "us-isob-east-1", kPlain, "https://us-isob-east-1.signin.sc2shome.sgov.gov"},
    {"signin", "eusc-de-east-1", kPlain, "https://eusc-de-east-1.signin.amazonaws-eusc.eu"},
    {"signin", "eu-isoe-west-1", kPlain, "https://eu-isoe-west-1.signin.csphome.adc-e.uk"},
    {"signin", "us-isof-south-1", kPlain, "https://us-isof-south-1.signin.csphome.hci.ic.gov"},
    {"signin", "us-gov-west-1", kFips, "https://signin-fips.amazonaws-us-gov.com"},
    {"signin", "us-gov-east-1", kFips, "https://us-gov-east-1.signin-fips.amazonaws-us-gov.com"},
    {"signin", "us-gov-east-1", kBoth, "https://signin-fips.us-gov-east-1.api.aws"},
    {"signin", "us-east-1", kFips, "https://signin-fips.us-east-1.amazonaws.com"},
    {"signin", "cn-north-1", kDualStack, "https://signin.cn-north-1.api.amazonwebservices.com.cn"},
};

INSTANTIATE_TEST_SUITE_P(Hosts, AwsEndpointTest, ::testing::ValuesIn(kHosts), [](const auto& test) {
  return row_name(test.index, test.param.service + '_' + test.param.region);
});

TEST(AwsEndpoint, refuses_fips_for_bedrock_mantle_of_which_no_host_is_known) {
  const auto url = aws_endpoint("bedrock-mantle", "us-east-1", kFips);

  ASSERT_FALSE(url);
  EXPECT_THAT(url.error().message, HasSubstr("no FIPS host of bedrock-mantle is known"));
}

TEST(AwsEndpoint, refuses_a_bad_region) {
  const auto url = aws_endpoint("sts", "x@attacker.example:443/#", kPlain);

  ASSERT_FALSE(url);
  EXPECT_EQ(url.error().code, ErrorCode::configuration_error);
}

TEST(Region, is_one_label_of_a_host_name) {
  const struct {
    std::string region;
    bool good;
  } cases[] = {
      {"us-east-1", true},
      {"a", true},
      {"9", true},
      {std::string(63, 'a'), true},
      {std::string(64, 'a'), false},
      {"", false},
      {"-us", false},
      {"us-", false},
      {"-", false},
      {"US-EAST-1", false},
      {"us_east_1", false},
      {"us-east-1.evil.example", false},
      {"us-east-1 ", false},
      {"us-east-1\n", false},
      {"x@attacker.example:443/#", false},
      {"us-east-1@attacker", false},
      {"us/east", false},
      {"us%2deast", false},
      {"us-\xc3\xa4st", false},
      {std::string("us\0east", 7), false},
  };
  for (const auto& row : cases) {
    EXPECT_EQ(check_region(row.region, "AWS_REGION").has_value(), row.good) << row.region;
  }
}

TEST(Region, is_quoted_harmlessly_when_refused) {
  const auto result = check_region("us\r\n\x1b[31m" + std::string(200, 'x'), "AWS_REGION");

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::configuration_error);
  EXPECT_THAT(result.error().message, HasSubstr("The region \"us???[31mx"));
  EXPECT_THAT(result.error().message, HasSubstr(" from AWS_REGION is not valid."));
  EXPECT_EQ(result.error().advice, "Use an AWS region such as us-east-1.");
  EXPECT_LT(result.error().message.size(), 160U);
}

struct PseudoRow {
  std::string region;
  std::string advice;
};

void PrintTo(const PseudoRow& row, std::ostream* out) { *out << row.region; }

class PseudoRegionTest : public ::testing::TestWithParam<PseudoRow> {};

TEST_P(PseudoRegionTest, is_refused_by_name) {
  const auto checked = check_region(GetParam().region, "AWS_REGION");

  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().code, ErrorCode::configuration_error);
  EXPECT_EQ(checked.error().message, "The region \"" + GetParam().region +
                                         "\" from AWS_REGION is a pseudo region, which has no "
                                         "Bedrock of its own.");
  EXPECT_EQ(checked.error().advice, GetParam().advice);
}

INSTANTIATE_TEST_SUITE_P(
    Regions, PseudoRegionTest,
    ::testing::Values(
        PseudoRow{"aws-global", "Use an AWS region such as us-east-1."},
        PseudoRow{"aws-cn-global", "Use an AWS region such as us-east-1."},
        PseudoRow{"aws-us-gov-global", "Use an AWS region such as us-east-1."},
        PseudoRow{"aws-iso-b-global", "Use an AWS region such as us-east-1."},
        PseudoRow{"global", "Use an AWS region such as us-east-1."},
        PseudoRow{"fips-us-east-1",
                  "Use us-east-1. For FIPS endpoints, set AWS_USE_FIPS_ENDPOINT to true."},
        PseudoRow{"us-gov-west-1-fips",
                  "Use us-gov-west-1. For FIPS endpoints, set AWS_USE_FIPS_ENDPOINT to true."}),
    [](const auto& test) { return row_name(test.index, test.param.region); });

struct UrlRow {
  std::string url;
  std::string scheme;
  std::string host;
  std::string path;
  bool loopback;
};

void PrintTo(const UrlRow& row, std::ostream* out) { *out << row.url; }

class ParsedEndpointTest : public ::testing::TestWithParam<UrlRow> {};

TEST_P(ParsedEndpointTest, has_its_parts) {
  const UrlRow& row = GetParam();

  const auto endpoint = parse_endpoint(row.url, "base_url");

  ASSERT_TRUE(endpoint) << endpoint.error().message;
  EXPECT_EQ(endpoint->scheme, row.scheme);
  EXPECT_EQ(endpoint->host, row.host);
  EXPECT_EQ(endpoint->path, row.path);
  EXPECT_EQ(endpoint->loopback, row.loopback);
  EXPECT_EQ(endpoint->url(), row.scheme + "://" + row.host + row.path);
}

const UrlRow kUrls[] = {
    {"https://host.example", "https", "host.example", "", false},
    {"https://host.example/", "https", "host.example", "", false},
    {"HTTPS://Host.Example", "https", "host.example", "", false},
    {"https://host.example:443/", "https", "host.example", "", false},
    {"https://host.example:8443/a/b/", "https", "host.example:8443", "/a/b", false},
    {"https://host.example/a//", "https", "host.example", "/a", false},
    {"https://host.example/a%2Fb/c:d@e", "https", "host.example", "/a%2Fb/c:d@e", false},
    {"http://host.example:80", "http", "host.example", "", false},
    {"http://host.example:443", "http", "host.example:443", "", false},
    {"http://bedrock_local:4566", "http", "bedrock_local:4566", "", false},
    {"http://[fd00:ec2::23]/x", "http", "[fd00:ec2::23]", "/x", false},
    {"http://[FD00::1]:65535", "http", "[fd00::1]:65535", "", false},
    {"http://localhost:1", "http", "localhost:1", "", true},
    {"http://LOCALHOST", "http", "localhost", "", true},
    {"http://127.0.0.1:8080", "http", "127.0.0.1:8080", "", true},
    {"http://127.255.255.254", "http", "127.255.255.254", "", true},
    {"http://[::1]:8080", "http", "[::1]:8080", "", true},
};

INSTANTIATE_TEST_SUITE_P(Urls, ParsedEndpointTest, ::testing::ValuesIn(kUrls),
                         [](const auto& test) { return row_name(test.index, test.param.url); });

// They reach this machine, but must not be trusted for that: nobody writes them in good faith.
TEST(Endpoint, is_not_marked_loopback_for_what_only_resembles_it) {
  const char* const urls[] = {"http://127.1",
                              "http://0x7f.1",
                              "http://0x7f.0.0.1",
                              "http://2130706433",
                              "http://127.0.0.010",
                              "http://127.0.0.256",
                              "http://127.0.0.1.attacker.example",
                              "http://127.0.0",
                              "http://0177.0.0.1",
                              "http://0.0.0.0",
                              "http://localhost.attacker.example",
                              "http://notlocalhost",
                              "http://[::ffff:127.0.0.1]",
                              "http://[0:0:0:0:0:0:0:1]",
                              "http://[::]"};
  for (const char* url : urls) {
    const auto endpoint = parse_endpoint(url, "base_url");

    ASSERT_TRUE(endpoint) << url << ": " << endpoint.error().message;
    EXPECT_FALSE(endpoint->loopback) << url;
  }
}

struct RefusedUrl {
  std::string url;
  std::string reason;
};

void PrintTo(const RefusedUrl& row, std::ostream* out) { *out << row.url; }

class EndpointTest : public ::testing::TestWithParam<RefusedUrl> {};

TEST_P(EndpointTest, is_refused_when_it_is_hostile_or_malformed) {
  const auto endpoint = parse_endpoint(GetParam().url, "AWS_ENDPOINT_URL");

  ASSERT_FALSE(endpoint);
  EXPECT_EQ(endpoint.error().code, ErrorCode::configuration_error);
  EXPECT_THAT(endpoint.error().message, HasSubstr("AWS_ENDPOINT_URL is not a valid endpoint: "));
  EXPECT_THAT(endpoint.error().message, HasSubstr(GetParam().reason));
  EXPECT_THAT(endpoint.error().message, Not(HasSubstr("secret")));
  EXPECT_EQ(endpoint.error().advice, "Write it as https://host[:port][/path].");
}

const RefusedUrl kRefusedUrls[] = {
    {"", "https://"},
    {"host.example", "https://"},
    {"//host.example", "https://"},
    {"https:host.example", "https://"},
    {"https:\\\\host.example", "https://"},
    {"ftp://host.example", "scheme"},
    {"file:///etc/passwd", "scheme"},
    {" https://host.example", "scheme"},
    {"https\n://host.example", "scheme"},
    {"https://", "no host"},
    {"https:///path", "no host"},
    {"https://:443", "no host"},
    {"https://host.example?a=b", "query"},
    {"https://host.example/?", "query"},
    {"https://host.example#", "fragment"},
    {"https://x@attacker.example:443/#", "fragment"},
    {"https://x@attacker.example:443/", "user info"},
    {"https://user:secret@host.example", "user info"},
    {"https://169.254.169.254@host.example", "user info"},
    {"https://host.example\\@attacker.example", "user info"},
    {"https://host.example\r\nX-Injected: yes", "host"},
    {"https://host .example", "host"},
    {"https://host.example ", "host"},
    {"https://host.example.", "host"},
    {"https://.host.example", "host"},
    {"https://host..example", "host"},
    {"https://-host.example", "host"},
    {"https://host-.example", "host"},
    {"https://h%6fst.example", "host"},
    {"https://h\xc3\xb6st.example", "host"},
    {"https://ho<st", "host"},
    {"https://host\\attacker.example", "host"},
    {std::string("https://host\0.example", 21), "host"},
    {"https://" + std::string(64, 'a') + ".example", "host"},
    {"https://host.example:", "port"},
    {"https://host.example:0", "port"},
    {"https://host.example:65536", "port"},
    {"https://host.example:99999999999999999999", "port"},
    {"https://host.example:-1", "port"},
    {"https://host.example:+443", "port"},
    {"https://host.example:0443", "port"},
    {"https://host.example:44x", "port"},
    {"https://host.example: 443", "port"},
    {"https://host.example:443:443", "port"},
    {"https://::1/", "no host"},
    {"https://[::1", "IPv6"},
    {"https://[]", "IPv6"},
    {"https://[127.0.0.1]", "IPv6"},
    {"https://[host.example]", "IPv6"},
    {"https://[fe80::1%25eth0]", "IPv6"},
    {"https://[::1]attacker.example", "port"},
    {"https://[::1]:x", "port"},
    {"https://host.example/a b", "path"},
    {"https://host.example/a\tb", "path"},
    {"https://host.example/\"", "path"},
    {"https://host.example/\\..", "path"},
    {"https://host.example/%", "two hex digits"},
    {"https://host.example/%2", "two hex digits"},
    {"https://host.example/%zz", "two hex digits"},
    {"https://host.example/../a", "dot segment"},
    {"https://host.example/a/.", "dot segment"},
};

INSTANTIATE_TEST_SUITE_P(Urls, EndpointTest, ::testing::ValuesIn(kRefusedUrls),
                         [](const auto& test) { return row_name(test.index, test.param.url); });

}  // namespace
}  // namespace llm::aws
