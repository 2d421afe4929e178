#include "aws/credentials/dpop.hpp"

#include <algorithm>
#include <memory>

#include <gtest/gtest.h>
#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/pem.h>

#include "base/base64.hpp"
#include "base/text.hpp"
#include "json/reader.hpp"

namespace llm::aws {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

constexpr std::chrono::sys_seconds kIssuedAt{std::chrono::seconds(1'767'323'045)};

Key new_key(const char* curve) { return {EVP_EC_gen(curve), EVP_PKEY_free}; }

enum class Form { sec1, pkcs8 };

Secret pem(const Key& key, Form form) {
  const std::unique_ptr<BIO, decltype(&BIO_free_all)> memory(BIO_new(BIO_s_mem()), BIO_free_all);
  const auto write = form == Form::sec1
                         ? PEM_write_bio_PrivateKey_traditional(memory.get(), key.get(), nullptr,
                                                                nullptr, 0, nullptr, nullptr)
                         : PEM_write_bio_PKCS8PrivateKey(memory.get(), key.get(), nullptr, nullptr,
                                                         0, nullptr, nullptr);
  EXPECT_EQ(write, 1);
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &data);
  return Secret(std::string(data, static_cast<std::size_t>(size)));
}

std::string decode(std::string_view base64url) {
  std::string text(base64url);
  std::ranges::replace(text, '-', '+');
  std::ranges::replace(text, '_', '/');
  while (text.size() % 4 != 0) text += '=';
  std::string bytes;
  EXPECT_TRUE(base::append_base64_decoded(text, bytes)) << base64url;
  return bytes;
}

// The public key as the header of the proof has it: nothing of the private one is used.
Key public_key(const json::Value& jwk) {
  std::string point = '\x04' + decode(jwk["x"].text_or_empty()) + decode(jwk["y"].text_or_empty());
  char group[] = "prime256v1";
  OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
      OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()),
      OSSL_PARAM_construct_end()};
  const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context(
      EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr), EVP_PKEY_CTX_free);
  EVP_PKEY* key = nullptr;
  EXPECT_EQ(EVP_PKEY_fromdata_init(context.get()), 1);
  EXPECT_EQ(EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters), 1);
  return {key, EVP_PKEY_free};
}

const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

bool verifies(const Key& key, std::string_view message, std::string_view raw_signature) {
  if (raw_signature.size() != 64) return false;
  const std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> signature(ECDSA_SIG_new(),
                                                                        ECDSA_SIG_free);
  ECDSA_SIG_set0(signature.get(), BN_bin2bn(bytes(raw_signature), 32, nullptr),
                 BN_bin2bn(bytes(raw_signature.substr(32)), 32, nullptr));
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(signature.get(), &der);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        EVP_MD_CTX_free);
  EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get());
  const int valid = EVP_DigestVerify(context.get(), der, static_cast<std::size_t>(size),
                                     bytes(message), message.size());
  OPENSSL_free(der);
  return valid == 1;
}

DpopClaims claims() {
  return {.token_id = "id-1",
          .method = "POST",
          .url = "https://eu-west-1.signin.aws.amazon.com/v1/token",
          .issued_at = kIssuedAt};
}

TEST(Dpop, gives_a_token_that_its_own_public_key_verifies) {
  for (const Form form : {Form::sec1, Form::pkcs8}) {
    const Key key = new_key("P-256");

    const auto proof = dpop_proof(pem(key, form), claims());

    ASSERT_TRUE(proof);
    const std::string token(proof->reveal());
    const auto parts = base::split(token, '.');
    ASSERT_EQ(parts.size(), 3U);
    const std::string header_text = decode(parts[0]);
    json::Parser parser;
    const auto header = parser.parse(header_text);
    ASSERT_TRUE(header);
    const Key published = public_key((*header)["jwk"]);
    EXPECT_EQ(EVP_PKEY_eq(published.get(), key.get()), 1);
    EXPECT_TRUE(verifies(published, token.substr(0, token.rfind('.')), decode(parts[2])));
    EXPECT_FALSE(verifies(published, "something else", decode(parts[2])));
  }
}

TEST(Dpop, has_the_header_and_claims_of_rfc_9449) {
  const auto proof = dpop_proof(pem(new_key("P-256"), Form::sec1), claims());

  ASSERT_TRUE(proof);
  const std::string token(proof->reveal());
  const auto parts = base::split(token, '.');
  json::Parser header_parser;
  const auto header = header_parser.parse(decode(parts[0]));
  ASSERT_TRUE(header);
  EXPECT_EQ((*header)["typ"].text_or_empty(), "dpop+jwt");
  EXPECT_EQ((*header)["alg"].text_or_empty(), "ES256");
  EXPECT_EQ((*header)["jwk"]["kty"].text_or_empty(), "EC");
  EXPECT_EQ((*header)["jwk"]["crv"].text_or_empty(), "P-256");
  EXPECT_FALSE((*header)["jwk"]["d"].exists());
  EXPECT_EQ(
      decode(parts[1]),
      R"({"jti":"id-1","htm":"POST","htu":"https://eu-west-1.signin.aws.amazon.com/v1/token",)"
      R"("iat":1767323045})");
}

TEST(Dpop, always_signs_with_64_bytes) {
  const Secret key = pem(new_key("P-256"), Form::sec1);

  // One number in 256 has a leading zero byte, which DER drops.
  for (int i = 0; i < 600; ++i) {
    const auto proof = dpop_proof(key, claims());
    ASSERT_TRUE(proof);
    const std::string_view token = proof->reveal();
    ASSERT_EQ(decode(token.substr(token.rfind('.') + 1)).size(), 64U);
  }
}

TEST(Dpop, refuses_a_key_that_is_not_a_p256_private_key) {
  const std::string other_curve(pem(new_key("P-384"), Form::sec1).reveal());
  const std::string valid(pem(new_key("P-256"), Form::sec1).reveal());
  const std::vector<std::string> cases = {"", "no pem M4RK3R", other_curve,
                                          valid.substr(0, valid.size() / 2)};

  for (const std::string& text : cases) {
    const auto proof = dpop_proof(Secret(text), claims());
    ASSERT_FALSE(proof);
    EXPECT_EQ(proof.error().code, ErrorCode::authentication_error);
    EXPECT_EQ(proof.error().message.find("M4RK3R"), std::string::npos);
  }
}

}  // namespace
}  // namespace llm::aws
