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

/// A key of HMAC-SHA-256 (RFC 2104), ready for use: all that does not depend on what is
/// authenticated has been hashed. Wiped when it goes. Const members are safe from many threads.
class HmacKey {
 public:
  explicit HmacKey(std::string_view key);

  /// The key that is this one's HMAC of `text`.
  [[nodiscard]] HmacKey derive(std::string_view text) const;

 private:
  friend class Sha256;

  DigestState inner_;
  DigestState outer_;
};

/// Hashes one text after the other at the price of one OpenSSL state. Used by one thread at a time.
class Sha256 {
 public:
  Sha256();

  [[nodiscard]] Sha256Digest digest(std::string_view bytes);
  [[nodiscard]] Sha256Digest hmac(const HmacKey& key, std::string_view bytes);

 private:
  DigestState state_;
};

[[nodiscard]] Sha256Digest sha256(std::string_view bytes);
[[nodiscard]] Sha256Digest hmac_sha256(std::string_view key, std::string_view bytes);
/// SHA-1 as hex; for the names of cache files of IAM Identity Center only.
[[nodiscard]] std::string sha1_hex(std::string_view bytes);
/// Lower-case hex.
[[nodiscard]] std::string hex(std::string_view bytes);
[[nodiscard]] std::string hex(const Sha256Digest& digest);
void append_hex(std::string_view bytes, std::string& out);
void append_hex(const Sha256Digest& digest, std::string& out);

}  // namespace llm::base
