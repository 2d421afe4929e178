#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;  // OpenSSL's EVP_MD_CTX

namespace llm::base {

using Sha256Digest = std::array<unsigned char, 32>;

/// Frees and wipes the state of a digest.
struct DigestStateDeleter {
  void operator()(evp_md_ctx_st* state) const;
};
using DigestState = std::unique_ptr<evp_md_ctx_st, DigestStateDeleter>;

/// A key for HMAC-SHA-256 (RFC 2104) with its inner and outer blocks already hashed. Wiped on
/// destruction. Const members are safe from many threads.
class HmacKey {
 public:
  explicit HmacKey(std::string_view key);

  /// A key whose bytes are the HMAC of `text` under this key.
  [[nodiscard]] HmacKey derive(std::string_view text) const;

 private:
  friend class Sha256;

  DigestState inner_;
  DigestState outer_;
};

/// Hashes any number of texts with one OpenSSL state. Used by one thread at a time.
class Sha256 {
 public:
  Sha256();

  [[nodiscard]] Sha256Digest digest(std::string_view bytes);
  [[nodiscard]] Sha256Digest hmac(const HmacKey& key, std::string_view bytes);

 private:
  DigestState state_;
};

[[nodiscard]] Sha256Digest sha256(std::string_view bytes);
/// SHA-1 as hex. Only for the file names in the cache of IAM Identity Center.
[[nodiscard]] std::string sha1_hex(std::string_view bytes);
/// Lower-case hex.
[[nodiscard]] std::string hex(std::string_view bytes);
[[nodiscard]] std::string hex(const Sha256Digest& digest);
void append_hex(std::string_view bytes, std::string& out);
void append_hex(const Sha256Digest& digest, std::string& out);

}  // namespace llm::base
