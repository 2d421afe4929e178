#include "aws/protocol/sigv4.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "tests/support/row_name.hpp"

namespace llm::aws {
namespace {

// The credentials of AWS's published examples; they are not valid.
constexpr std::string_view kExampleKeyId = "AKIDEXAMPLE";
constexpr std::string_view kExampleSecret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
constexpr std::string_view kEmptySha256 =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

SigningScope example_scope(std::string_view service) {
  return {.date = "20150830", .region = "us-east-1", .service = std::string(service)};
}

// AWS General Reference, "Signature Version 4 signing process": ListUsers of IAM.
TEST(SigV4, signs_the_published_example) {
  const SigningInput input{
      .method = "GET",
      .path = "/",
      .query = "Action=ListUsers&Version=2010-05-08",
      .headers = {{"Host", "iam.amazonaws.com"},
                  {"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"},
                  {"X-Amz-Date", "20150830T123600Z"}},
      .payload_sha256 = base::sha256("")};

  const Signature signature = sign(input, example_scope("iam"), kExampleKeyId, kExampleSecret);

  EXPECT_EQ(signature.canonical_request,
            "GET\n"
            "/\n"
            "Action=ListUsers&Version=2010-05-08\n"
            "content-type:application/x-www-form-urlencoded; charset=utf-8\n"
            "host:iam.amazonaws.com\n"
            "x-amz-date:20150830T123600Z\n"
            "\n"
            "content-type;host;x-amz-date\n"
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(signature.string_to_sign,
            "AWS4-HMAC-SHA256\n"
            "20150830T123600Z\n"
            "20150830/us-east-1/iam/aws4_request\n"
            "f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59");
  EXPECT_EQ(signature.authorization,
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, "
            "SignedHeaders=content-type;host;x-amz-date, "
            "Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7");
}

TEST(SigV4, derives_the_published_signing_key) {
  // c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9
  const base::HmacKey published(
      "\xc4\xaf\xb1\xcc\x57\x71\xd8\x71\x76\x3a\x39\x3e\x44\xb7\x03\x57"
      "\x1b\x55\xcc\x28\x42\x4d\x1a\x5e\x86\xda\x6e\xd3\xc1\x54\xa4\xb9");

  const base::HmacKey key = signing_key(kExampleSecret, example_scope("iam"));

  EXPECT_EQ(base::Sha256().hmac(key, "text"), base::Sha256().hmac(published, "text"));
}

// A request that the AWS SDK for JavaScript signed (client-bedrock-runtime 3.1164.0).
TEST(SigV4, encodes_an_arn_in_the_path_twice) {
  const SigningInput input{
      .method = "POST",
      .path =
          "/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Ainference-profile%2Fus."
          "anthropic.claude-3-haiku-20240307-v1%3A0/converse",
      .query = "",
      .headers = {{"content-type", "application/json"},
                  {"x-amz-user-agent", "aws-sdk-js/3.1163.0"},
                  {"host", "127.0.0.1:44299"},
                  {"amz-sdk-invocation-id", "8791e04b-d2f3-4ef6-8d36-6f71c2702640"},
                  {"amz-sdk-request", "attempt=1; max=1"},
                  {"content-length", "56"},
                  {"x-amz-date", "20261122T152202Z"},
                  {"x-amz-security-token", "tok"},
                  {"x-amz-content-sha256",
                   "c3335e07d6e89650bf94cb98664be69f8774dbc3198df221f113db0a59ea14f0"}},
      .payload_sha256 =
          base::sha256(R"({"messages":[{"role":"user","content":[{"text":"hi"}]}]})")};
  const SigningScope scope{.date = "20261122", .region = "us-east-1", .service = "bedrock"};

  const Signature signature = sign(input, scope, "AKID", "secret");

  EXPECT_EQ(
      signature.canonical_request,
      "POST\n"
      "/model/arn%253Aaws%253Abedrock%253Aus-east-1%253A123456789012%253Ainference-profile"
      "%252Fus.anthropic.claude-3-haiku-20240307-v1%253A0/converse\n"
      "\n"
      "amz-sdk-invocation-id:8791e04b-d2f3-4ef6-8d36-6f71c2702640\n"
      "amz-sdk-request:attempt=1; max=1\n"
      "content-length:56\n"
      "content-type:application/json\n"
      "host:127.0.0.1:44299\n"
      "x-amz-content-sha256:c3335e07d6e89650bf94cb98664be69f8774dbc3198df221f113db0a59ea14f0\n"
      "x-amz-date:20261122T152202Z\n"
      "x-amz-security-token:tok\n"
      "x-amz-user-agent:aws-sdk-js/3.1163.0\n"
      "\n"
      "amz-sdk-invocation-id;amz-sdk-request;content-length;content-type;host;"
      "x-amz-content-sha256;x-amz-date;x-amz-security-token;x-amz-user-agent\n"
      "c3335e07d6e89650bf94cb98664be69f8774dbc3198df221f113db0a59ea14f0");
  EXPECT_EQ(signature.string_to_sign,
            "AWS4-HMAC-SHA256\n"
            "20261122T152202Z\n"
            "20261122/us-east-1/bedrock/aws4_request\n" +
                base::hex(base::sha256(signature.canonical_request)));
  EXPECT_EQ(signature.hex(), "c8616b9afe2dafe6da308cb7f3d80b185068a22d8ae0120760a5711610662200");
}

struct SuiteCase {
  std::string_view name;
  std::string_view method;
  std::string_view path;
  std::string_view query;
  std::vector<HeaderView> headers;
  std::string_view signature;
};

void PrintTo(const SuiteCase& row, std::ostream* out) { *out << row.name; }

class SigV4SuiteTest : public ::testing::TestWithParam<SuiteCase> {};

TEST_P(SigV4SuiteTest, signs_the_case) {
  SigningInput input{.method = GetParam().method,
                     .path = GetParam().path,
                     .query = GetParam().query,
                     .headers = GetParam().headers,
                     .payload_sha256 = base::sha256("")};
  input.headers.push_back({"Host", "example.amazonaws.com"});
  input.headers.push_back({"X-Amz-Date", "20150830T123600Z"});

  const Signature signature = sign(input, example_scope("service"), kExampleKeyId, kExampleSecret);

  EXPECT_EQ(signature.hex(), GetParam().signature) << signature.canonical_request;
}

// Cases of the AWS Signature Version 4 test suite.
const SuiteCase kSuite[] = {
    {"get-vanilla",
     "GET",
     "/",
     "",
     {},
     "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    {"post-vanilla",
     "POST",
     "/",
     "",
     {},
     "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
    {"get-slashes",
     "GET",
     "//example//",
     "",
     {},
     "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84"},
    {"get-relative-relative",
     "GET",
     "/example1/example2/../..",
     "",
     {},
     "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    {"get-vanilla-query-order-key-case",
     "GET",
     "/",
     "Param2=value2&Param1=value1",
     {},
     "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
    {"get-header-key-duplicate",
     "GET",
     "/",
     "",
     {{"My-Header1", "value2"}, {"My-Header1", "value2"}, {"My-Header1", "value1"}},
     "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"},
    {"get-header-value-trim",
     "GET",
     "/",
     "",
     {{"My-Header1", " value1"}, {"My-Header2", " \"a   b   c\""}},
     "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"},
};

INSTANTIATE_TEST_SUITE_P(Aws, SigV4SuiteTest, ::testing::ValuesIn(kSuite), [](const auto& test) {
  return test_support::row_name(test.index, test.param.name);
});

struct CanonicalPath {
  std::string_view wire;
  std::string_view canonical;
};

void PrintTo(const CanonicalPath& row, std::ostream* out) { *out << row.wire; }

class CanonicalPathTest : public ::testing::TestWithParam<CanonicalPath> {};

TEST_P(CanonicalPathTest, is_appended) {
  std::string text = "/before";

  append_canonical_uri(GetParam().wire, text);

  EXPECT_EQ(text, "/before" + std::string(GetParam().canonical));
}

const CanonicalPath kCanonicalPaths[] = {
    {"", "/"},
    {"/", "/"},
    {"//", "/"},
    {"/./", "/"},
    {"/../..", "/"},
    {"/a//b/./c/../d", "/a/b/d"},
    {"/a/", "/a/"},
    {"/model/m-v1%3A0/invoke", "/model/m-v1%253A0/invoke"},
    // A client that leaves the colon raw signs it encoded once.
    {"/model/m-v1:0/invoke", "/model/m-v1%3A0/invoke"},
    {"/model/a%2Fb/invoke", "/model/a%252Fb/invoke"},
    {"/a/%2E%2E/b", "/a/%252E%252E/b"},
    {"/-._~", "/-._~"},
    {"/\xc3\xa4", "/%C3%A4"},
};

INSTANTIATE_TEST_SUITE_P(Paths, CanonicalPathTest, ::testing::ValuesIn(kCanonicalPaths),
                         [](const auto& test) {
                           return test_support::row_name(test.index, test.param.wire);
                         });

struct CanonicalQuery {
  std::string_view wire;
  std::string_view canonical;
};

void PrintTo(const CanonicalQuery& row, std::ostream* out) { *out << row.wire; }

class CanonicalQueryTest : public ::testing::TestWithParam<CanonicalQuery> {};

TEST_P(CanonicalQueryTest, is_sorted_and_encoded) {
  EXPECT_EQ(canonical_query(GetParam().wire), GetParam().canonical);
}

const CanonicalQuery kCanonicalQueries[] = {
    {"", ""},
    {"a", "a="},
    {"b=2&a=1", "a=1&b=2"},
    {"a=2&a=1", "a=1&a=2"},
    {"a=&a", "a=&a="},
    {"a=1=2", "a=1%3D2"},
    {"&a=1&&", "a=1"},
    // By name, then value: "-" sorts before "=" in the joined text.
    {"a-b=1&a=2", "a=2&a-b=1"},
    {"b=1&B=1", "B=1&b=1"},
    {"role_name=a%20b&x=%7e", "role_name=a%20b&x=~"},
    {"a=%2f", "a=%2F"},
    {"a=x/y:z", "a=x%2Fy%3Az"},
    {"a=1+1", "a=1%2B1"},
    {"a=100%", "a=100%25"},
    {"%C3%A4=1&z=1", "%C3%A4=1&z=1"},
};

INSTANTIATE_TEST_SUITE_P(Queries, CanonicalQueryTest, ::testing::ValuesIn(kCanonicalQueries),
                         [](const auto& test) {
                           return test_support::row_name(test.index, test.param.wire);
                         });

TEST(SigV4, makes_the_canonical_headers) {
  const SigningInput input{.method = "GET",
                           .path = "/",
                           .query = "",
                           .headers = {{"X-Amz-B", "  two   words \t end  "},
                                       {"x-amz-b", "second"},
                                       {"X-AMZ-A", ""},
                                       {"host", "h"},
                                       {"X-Amz-B", "first"},
                                       {"x-amz-date", "20150830T123600Z"}},
                           .payload_sha256 = base::sha256("")};

  const Signature signature = sign(input, example_scope("s"), "id", "secret");

  EXPECT_EQ(signature.canonical_request,
            "GET\n/\n\n"
            "host:h\n"
            "x-amz-a:\n"
            "x-amz-b:two words end,second,first\n"
            "x-amz-date:20150830T123600Z\n"
            "\n"
            "host;x-amz-a;x-amz-b;x-amz-date\n" +
                std::string(kEmptySha256));
}

}  // namespace
}  // namespace llm::aws
