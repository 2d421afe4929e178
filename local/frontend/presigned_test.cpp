#include "local/frontend/presigned.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/base64.hpp"
#include "local/frontend/authentication.hpp"
#include "local/test_support.hpp"

namespace llm::local {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// Presigned with botocore 1.43 at 20261122T152202Z by the credentials local/local.
constexpr std::string_view kList =
    "/foundation-models?byProvider=Amazon&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential="
    "local%2F20261122%2Fus-east-1%2Fbedrock%2Faws4_request&X-Amz-Date=20261122T152202Z"
    "&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature="
    "1ce5ff93ac31a33259d8db4981919b690ef955e944e41035b1478c0f3dc060b3";
constexpr std::string_view kKeyUrl =
    "bedrock.amazonaws.com/?Action=CallWithBearerToken&X-Amz-Algorithm=AWS4-HMAC-SHA256"
    "&X-Amz-Credential=local%2F20261122%2Fus-east-1%2Fbedrock%2Faws4_request"
    "&X-Amz-Date=20261122T152202Z&X-Amz-Expires=43200&X-Amz-SignedHeaders=host&X-Amz-Signature="
    "9fa2b0a462f42408890dcbebd35e963ca9e39199b6d5ebe4b7f059c6b6222e4a&Version=1";
// The same with the session token `tok/en+=`.
constexpr std::string_view kSessionKeyUrl =
    "bedrock.amazonaws.com/?Action=CallWithBearerToken&X-Amz-Algorithm=AWS4-HMAC-SHA256"
    "&X-Amz-Credential=local%2F20261122%2Fus-east-1%2Fbedrock%2Faws4_request"
    "&X-Amz-Date=20261122T152202Z&X-Amz-Expires=43200&X-Amz-SignedHeaders=host"
    "&X-Amz-Security-Token=tok%2Fen%2B%3D&X-Amz-Signature="
    "12a239ea54aea52f38ba11bde5e60d7315048b5ea8f07606f8a129e2d599d7b9&Version=1";

std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
  std::string result(text);
  result.replace(result.find(from), from.size(), to);
  return result;
}

Request presigned(std::string target) {
  Request request{.method = "GET"};
  request.target = std::move(target);
  request.headers = {{"Host", "127.0.0.1"}};
  return request;
}

Request with_key(std::string_view url) {
  Request request = presigned("/foundation-models");
  std::string key = "Bearer bedrock-api-key-";
  base::append_base64(url, key);
  request.headers.push_back({"Authorization", std::move(key)});
  return request;
}

TEST(Presigned, accepts_what_botocore_signed) {
  const Checked<Principal> principal =
      authenticate(presigned(std::string(kList)), {}, test::now() + 59s);

  ASSERT_TRUE(principal) << principal.error().message;
  EXPECT_EQ(principal->signed_region, "us-east-1");
  EXPECT_EQ(access_key_id_of(presigned(std::string(kList))), "local");
}

struct Row {
  std::string name{};
  std::string target{};
  std::chrono::seconds later{};
  std::string exception{};
  std::string message{};

  friend void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }
};

std::vector<Row> rows() {
  return {
      {"expired", std::string(kList), 60s, "InvalidSignatureException",
       "Signature expired: 20261122T152202Z is now earlier than "},
      {"from_the_future", std::string(kList), -301s, "InvalidSignatureException",
       "Signature not yet current: "},
      {"changed_query", replaced(kList, "Amazon", "Meta"), 0s, "InvalidSignatureException",
       "The request signature we calculated does not match"},
      {"changed_expiry", replaced(kList, "Expires=60", "Expires=61"), 0s,
       "InvalidSignatureException", "The request signature we calculated does not match"},
      {"too_long", replaced(kList, "Expires=60", "Expires=604801"), 0s,
       "IncompleteSignatureException", "X-Amz-Expires must be"},
      {"no_signature", replaced(kList, "&X-Amz-Signature=", "&X="), 0s,
       "IncompleteSignatureException", "AWS query-string parameters must include"},
      {"another_algorithm", replaced(kList, "AWS4-HMAC-SHA256", "AWS4-X"), 0s,
       "IncompleteSignatureException", "AWS query-string parameters must include"},
      {"no_algorithm", replaced(kList, "X-Amz-Algorithm=AWS4-HMAC-SHA256&", ""), 0s,
       "IncompleteSignatureException", "AWS query-string parameters must include"},
      {"expiry_with_letters", replaced(kList, "Expires=60", "Expires=60abc"), 0s,
       "IncompleteSignatureException", "X-Amz-Expires must be"},
      {"incomplete_credential", "/foundation-models?X-Amz-Credential=local", 0s,
       "IncompleteSignatureException", "AWS query-string parameters must include"},
      {"unsigned_host", replaced(kList, "SignedHeaders=host", "SignedHeaders=date"), 0s,
       "InvalidSignatureException", "'Host' or ':authority' must be a 'SignedHeader'"},
      {"unknown_credentials", replaced(kList, "local%2F", "other%2F"), 0s,
       "UnrecognizedClientException", "The security token included in the request is invalid."},
      {"another_service", replaced(kList, "bedrock%2F", "s3%2F"), 0s, "InvalidSignatureException",
       "Credential should be scoped to correct service"},
  };
}

class PresignedRefusals : public ::testing::TestWithParam<Row> {};

TEST_P(PresignedRefusals, are_those_of_the_front_end) {
  const Row& row = GetParam();

  const Checked<Principal> principal =
      authenticate(presigned(row.target), {}, test::now() + row.later);

  ASSERT_FALSE(principal);
  EXPECT_EQ(principal.error().name, row.exception);
  EXPECT_THAT(principal.error().message, StartsWith(row.message));
}

INSTANTIATE_TEST_SUITE_P(All, PresignedRefusals, ::testing::ValuesIn(rows()), test::RowName{});

TEST(ShortTermKey, is_accepted_until_it_expires) {
  const Request request = with_key(kKeyUrl);

  EXPECT_TRUE(authenticate(request, {}, test::now()));
  EXPECT_TRUE(authenticate(request, {}, test::now() + 12h - 1s));
  const Checked<Principal> expired = authenticate(request, {}, test::now() + 12h);
  ASSERT_FALSE(expired);
  EXPECT_EQ(expired.error().name, "AccessDeniedException");
  EXPECT_EQ(expired.error().message,
            "Authentication failed: Please make sure your API Key is valid.");
}

TEST(ShortTermKey, carries_the_session_token) {
  ServerOptions options;
  options.credentials = {{"local", Secret(std::string("local")), Secret(std::string("tok/en+="))}};

  EXPECT_TRUE(authenticate(with_key(kSessionKeyUrl), options, test::now()));
  EXPECT_FALSE(authenticate(with_key(kKeyUrl), options, test::now()));
}

TEST(ShortTermKey, is_refused_if_anything_in_it_was_changed) {
  for (const std::string& url :
       {replaced(kKeyUrl, "9fa2b0", "9fa2b1"), replaced(kKeyUrl, "43200", "43201"),
        replaced(kKeyUrl, "bedrock.amazonaws", "bedrock2.amazonaws"),
        replaced(kKeyUrl, "CallWithBearerToken", "Other"), std::string("nothing"), std::string()}) {
    EXPECT_FALSE(authenticate(with_key(url), {}, test::now())) << url;
  }
}

}  // namespace
}  // namespace llm::local
