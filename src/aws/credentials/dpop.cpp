#include "aws/credentials/dpop.hpp"

#include <memory>
#include <utility>

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "base/base64.hpp"
#include "json/writer.hpp"

namespace llm::aws {
namespace {

constexpr std::size_t kCoordinateBytes = 32;  // P-256
constexpr std::string_view kCurveName = "prime256v1";

template <auto release>
struct Releaser {
  template <typename T>
  void operator()(T* object) const {
    release(object);
  }
};

using Key = std::unique_ptr<EVP_PKEY, Releaser<EVP_PKEY_free>>;
using Bio = std::unique_ptr<BIO, Releaser<BIO_free_all>>;
using Number = std::unique_ptr<BIGNUM, Releaser<BN_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Releaser<EVP_MD_CTX_free>>;
using EcdsaSignature = std::unique_ptr<ECDSA_SIG, Releaser<ECDSA_SIG_free>>;

Error key_error(std::string_view problem) {
  // Otherwise the caller's next OpenSSL call would see these errors.
  ERR_clear_error();
  return make_error(ErrorCode::authentication_error,
                    "The key of the cached login session " + std::string(problem) + ".",
                    "Log in again: run \"aws login\".");
}

// Refuses a key with a pass phrase instead of prompting for it on the terminal.
int no_pass_phrase(char*, int, int, void*) { return -1; }

Key read_key(const Secret& pem) {
  const std::string_view text = pem.reveal();
  const Bio memory(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  if (!memory) return nullptr;
  Key key(PEM_read_bio_PrivateKey(memory.get(), nullptr, no_pass_phrase, nullptr));
  if (!key || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_EC) return nullptr;
  char curve[64] = {};
  std::size_t size = 0;
  if (EVP_PKEY_get_group_name(key.get(), curve, sizeof curve, &size) != 1) return nullptr;
  return std::string_view(curve, size) == kCurveName ? std::move(key) : nullptr;
}

std::string fixed_bytes(const BIGNUM* number) {
  std::string bytes(kCoordinateBytes, '\0');
  const int written = BN_bn2binpad(number, reinterpret_cast<unsigned char*>(bytes.data()),
                                   static_cast<int>(bytes.size()));
  return written < 0 ? std::string() : bytes;
}

// A coordinate of the public point in base64url; empty on failure.
std::string coordinate(const EVP_PKEY& key, const char* parameter) {
  BIGNUM* raw = nullptr;
  if (EVP_PKEY_get_bn_param(&key, parameter, &raw) != 1) return {};
  const Number number(raw);
  return base::base64url(fixed_bytes(number.get()));
}

// Raw r and s, the form JWS requires; OpenSSL produces DER.
std::string raw_signature(std::string_view der) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(der.data());
  const EcdsaSignature parsed(d2i_ECDSA_SIG(nullptr, &bytes, static_cast<long>(der.size())));
  if (!parsed) return {};
  return fixed_bytes(ECDSA_SIG_get0_r(parsed.get())) + fixed_bytes(ECDSA_SIG_get0_s(parsed.get()));
}

std::string sign_es256(EVP_PKEY& key, std::string_view message) {
  const DigestContext context(EVP_MD_CTX_new());
  if (!context || EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, &key) != 1) {
    return {};
  }
  const auto* data = reinterpret_cast<const unsigned char*>(message.data());
  std::size_t size = 0;
  if (EVP_DigestSign(context.get(), nullptr, &size, data, message.size()) != 1) return {};
  std::string der(size, '\0');
  auto* out = reinterpret_cast<unsigned char*>(der.data());
  if (EVP_DigestSign(context.get(), out, &size, data, message.size()) != 1) return {};
  return raw_signature(std::string_view(der).substr(0, size));
}

std::string header_json(const EVP_PKEY& key) {
  const std::string x = coordinate(key, OSSL_PKEY_PARAM_EC_PUB_X);
  const std::string y = coordinate(key, OSSL_PKEY_PARAM_EC_PUB_Y);
  if (x.empty() || y.empty()) return {};
  json::Writer writer;
  writer.begin_object().member("typ", "dpop+jwt").member("alg", "ES256");
  writer.key("jwk").begin_object().member("kty", "EC").member("crv", "P-256");
  writer.member("x", x).member("y", y).end_object().end_object();
  return std::move(writer).take();
}

std::string claims_json(const DpopClaims& claims) {
  const auto since_epoch = claims.issued_at.time_since_epoch();
  json::Writer writer;
  writer.begin_object().member("jti", claims.token_id).member("htm", claims.method);
  writer.member("htu", claims.url).key("iat");
  writer.integer(std::chrono::floor<std::chrono::seconds>(since_epoch).count()).end_object();
  return std::move(writer).take();
}

}  // namespace

Result<Secret> dpop_proof(const Secret& private_key_pem, const DpopClaims& claims) {
  const Key key = read_key(private_key_pem);
  if (!key) return std::unexpected(key_error("is not an EC P-256 private key in PEM"));
  const std::string header = header_json(*key);
  if (header.empty()) return std::unexpected(key_error("has no public part"));
  const std::string token = base::base64url(header) + '.' + base::base64url(claims_json(claims));
  const std::string signature = sign_es256(*key, token);
  if (signature.size() != 2 * kCoordinateBytes) return std::unexpected(key_error("cannot sign"));
  return Secret(token + '.' + base::base64url(signature));
}

}  // namespace llm::aws
