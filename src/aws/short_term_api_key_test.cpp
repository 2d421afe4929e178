#include <llm/aws/api_key.hpp>

#include <gtest/gtest.h>

#include <string>

#include "base/base64.hpp"
#include "base/time.hpp"

namespace llm::aws {
namespace {

using namespace std::chrono_literals;

const base::TimePoint kSignedAt = *base::parse_compact_iso8601("20261122T152202Z");

Credentials credentials(std::string session_token = {}) {
  return {.access_key_id = "local",
          .secret_access_key = Secret(std::string("local")),
          .session_token = Secret(std::move(session_token))};
}

/// The presigned URL in a key.
std::string url_of(const Result<Secret>& key) {
  constexpr std::string_view kPrefix = "bedrock-api-key-";
  std::string url;
  if (!key || !key->reveal().starts_with(kPrefix)) return url;
  EXPECT_TRUE(base::append_base64_decoded(key->reveal().substr(kPrefix.size()), url));
  return url;
}

// Both as botocore 1.43 signs the same request.
TEST(ShortTermApiKey, is_signed_like_the_keys_of_botocore) {
  EXPECT_EQ(url_of(short_term_api_key(credentials(), "us-east-1", 12h, kSignedAt)),
            "bedrock.amazonaws.com/?Action=CallWithBearerToken&X-Amz-Algorithm=AWS4-HMAC-SHA256"
            "&X-Amz-Credential=local%2F20261122%2Fus-east-1%2Fbedrock%2Faws4_request"
            "&X-Amz-Date=20261122T152202Z&X-Amz-Expires=43200&X-Amz-SignedHeaders=host"
            "&X-Amz-Signature="
            "9fa2b0a462f42408890dcbebd35e963ca9e39199b6d5ebe4b7f059c6b6222e4a&Version=1");
  EXPECT_EQ(url_of(short_term_api_key(credentials("tok/en+="), "us-east-1", 12h, kSignedAt)),
            "bedrock.amazonaws.com/?Action=CallWithBearerToken&X-Amz-Algorithm=AWS4-HMAC-SHA256"
            "&X-Amz-Credential=local%2F20261122%2Fus-east-1%2Fbedrock%2Faws4_request"
            "&X-Amz-Date=20261122T152202Z&X-Amz-Expires=43200"
            "&X-Amz-Security-Token=tok%2Fen%2B%3D&X-Amz-SignedHeaders=host&X-Amz-Signature="
            "12a239ea54aea52f38ba11bde5e60d7315048b5ea8f07606f8a129e2d599d7b9&Version=1");
}

TEST(ShortTermApiKey, is_refused_without_what_it_needs) {
  EXPECT_FALSE(short_term_api_key(credentials(), "", 1h, kSignedAt));
  EXPECT_FALSE(short_term_api_key(credentials(), "us-east-1/x", 1h, kSignedAt));
  EXPECT_FALSE(short_term_api_key(credentials(), "aws-global", 1h, kSignedAt));
  EXPECT_FALSE(short_term_api_key({}, "us-east-1", 1h, kSignedAt));
  EXPECT_FALSE(short_term_api_key(credentials(), "us-east-1", 0s, kSignedAt));
  EXPECT_FALSE(short_term_api_key(credentials(), "us-east-1", 12h + 1s, kSignedAt));
}

}  // namespace
}  // namespace llm::aws
