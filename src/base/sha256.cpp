#include "base/sha256.hpp"

#include <initializer_list>
#include <memory>
#include <new>
#include <span>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

namespace llm::base {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";

std::string_view view(std::span<const unsigned char> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// These algorithms are always there and take any input: memory is all they can lack.
void check_memory(bool success) {
  if (!success) throw std::bad_alloc();
}

struct ContextDeleter {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

// Fetched once: EVP_sha256() has OpenSSL 3 look it up behind locks at each use.
const EVP_MD* algorithm() {
  static const EVP_MD* const fetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  check_memory(fetched != nullptr);
  return fetched;
}

// Of the parts as if they were one text.
Sha256Digest digest_of(std::initializer_list<std::string_view> parts) {
  const std::unique_ptr<EVP_MD_CTX, ContextDeleter> context(EVP_MD_CTX_new());
  check_memory(context != nullptr && EVP_DigestInit_ex(context.get(), algorithm(), nullptr) == 1);
  for (const std::string_view part : parts) {
    check_memory(EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1);
  }
  Sha256Digest digest{};
  check_memory(EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) == 1);
  return digest;
}

}  // namespace

Sha256Digest sha256(std::string_view bytes) { return digest_of({bytes}); }

// RFC 2104. OpenSSL 3's own HMAC() looks MAC and digest up by name at each use, which costs more
// than all the hashing.
Sha256Digest hmac_sha256(std::string_view key, std::string_view bytes) {
  constexpr std::size_t kBlockBytes = 64;
  Sha256Digest short_key{};
  if (key.size() > kBlockBytes) {
    short_key = sha256(key);
    key = view(short_key);
  }
  std::array<unsigned char, kBlockBytes> inner{};
  std::array<unsigned char, kBlockBytes> outer{};
  for (std::size_t i = 0; i < kBlockBytes; ++i) {
    const unsigned char byte = i < key.size() ? static_cast<unsigned char>(key[i]) : 0;
    inner[i] = byte ^ 0x36;
    outer[i] = byte ^ 0x5C;
  }
  const Sha256Digest digest = digest_of({view(outer), view(digest_of({view(inner), bytes}))});
  for (const std::span<unsigned char> secret :
       {std::span<unsigned char>(short_key), {inner}, {outer}}) {
    OPENSSL_cleanse(secret.data(), secret.size());
  }
  return digest;
}

std::string sha1_hex(std::string_view bytes) {
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  check_memory(
      EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha1(), nullptr) == 1);
  return hex(view(digest));
}

std::string hex(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char character : bytes) {
    const auto byte = static_cast<unsigned char>(character);
    text.push_back(kHexDigits[byte >> 4]);
    text.push_back(kHexDigits[byte & 15]);
  }
  return text;
}

std::string hex(const Sha256Digest& digest) { return hex(view(digest)); }

}  // namespace llm::base
