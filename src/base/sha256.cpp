#include "base/sha256.hpp"

#include <cstring>
#include <new>
#include <span>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

namespace llm::base {
namespace {

// The two lower-case digits of each byte.
constexpr std::array<std::array<char, 2>, 256> kHexPairs = [] {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::array<std::array<char, 2>, 256> pairs{};
  for (std::size_t byte = 0; byte < pairs.size(); ++byte) {
    pairs[byte] = {kDigits[byte / 16], kDigits[byte % 16]};
  }
  return pairs;
}();
constexpr std::size_t kBlockBytes = 64;

std::string_view view(std::span<const unsigned char> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// These algorithms are always available and accept any input: only memory can run out.
void check_memory(bool success) {
  if (!success) throw std::bad_alloc();
}

// Fetched once: with EVP_sha256() OpenSSL 3 looks it up under a lock at each use.
const EVP_MD* algorithm() {
  static const EVP_MD* const fetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  check_memory(fetched != nullptr);
  return fetched;
}

DigestState new_state() {
  DigestState state(EVP_MD_CTX_new());
  check_memory(state != nullptr);
  return state;
}

void begin(const DigestState& state) {
  check_memory(EVP_DigestInit_ex(state.get(), algorithm(), nullptr) == 1);
}

void add(const DigestState& state, std::string_view bytes) {
  check_memory(EVP_DigestUpdate(state.get(), bytes.data(), bytes.size()) == 1);
}

Sha256Digest finish(const DigestState& state) {
  Sha256Digest digest{};
  check_memory(EVP_DigestFinal_ex(state.get(), digest.data(), nullptr) == 1);
  return digest;
}

// A state that has hashed one block: the key, each byte XORed with `mask`.
DigestState keyed_state(std::string_view key, unsigned char mask) {
  std::array<unsigned char, kBlockBytes> block{};
  for (std::size_t i = 0; i < kBlockBytes; ++i) {
    const unsigned char byte = i < key.size() ? static_cast<unsigned char>(key[i]) : 0;
    block[i] = byte ^ mask;
  }
  DigestState state = new_state();
  begin(state);
  add(state, view(block));
  OPENSSL_cleanse(block.data(), block.size());
  return state;
}

}  // namespace

void DigestStateDeleter::operator()(evp_md_ctx_st* state) const { EVP_MD_CTX_free(state); }

// OpenSSL 3's HMAC() looks up MAC and digest by name at each use, which costs more than the
// hashing.
HmacKey::HmacKey(std::string_view key) {
  Sha256Digest short_key{};
  if (key.size() > kBlockBytes) {
    short_key = sha256(key);
    key = view(short_key);
  }
  inner_ = keyed_state(key, 0x36);
  outer_ = keyed_state(key, 0x5C);
  OPENSSL_cleanse(short_key.data(), short_key.size());
}

HmacKey HmacKey::derive(std::string_view text) const {
  Sha256Digest key = Sha256().hmac(*this, text);
  HmacKey derived(view(key));
  OPENSSL_cleanse(key.data(), key.size());
  return derived;
}

Sha256::Sha256() : state_(new_state()) {}

Sha256Digest Sha256::digest(std::string_view bytes) {
  begin(state_);
  add(state_, bytes);
  return finish(state_);
}

Sha256Digest Sha256::hmac(const HmacKey& key, std::string_view bytes) {
  check_memory(EVP_MD_CTX_copy_ex(state_.get(), key.inner_.get()) == 1);
  add(state_, bytes);
  const Sha256Digest inner = finish(state_);
  check_memory(EVP_MD_CTX_copy_ex(state_.get(), key.outer_.get()) == 1);
  add(state_, view(inner));
  return finish(state_);
}

Sha256Digest sha256(std::string_view bytes) { return Sha256().digest(bytes); }

std::string sha1_hex(std::string_view bytes) {
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  check_memory(
      EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha1(), nullptr) == 1);
  return hex(view(digest));
}

std::string hex(std::string_view bytes) {
  std::string text;
  append_hex(bytes, text);
  return text;
}

std::string hex(const Sha256Digest& digest) { return hex(view(digest)); }

void append_hex(std::string_view bytes, std::string& out) {
  const std::size_t start = out.size();
  out.resize(start + bytes.size() * 2);
  char* next = out.data() + start;
  for (const char byte : bytes) {
    std::memcpy(next, kHexPairs[static_cast<unsigned char>(byte)].data(), 2);
    next += 2;
  }
}

void append_hex(const Sha256Digest& digest, std::string& out) { append_hex(view(digest), out); }

}  // namespace llm::base
