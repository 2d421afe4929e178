#pragma once

#include <curl/curl.h>
#include <openssl/x509_vfy.h>
#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>

namespace llm::http {

/// The PEM file of this machine's authorities: empty if `built_in`, libcurl's own, is there;
/// otherwise the first of `others` that is, and empty without any. A program may run on another
/// system than the one it was built for.
[[nodiscard]] std::string system_ca_bundle(const std::string& built_in,
                                           std::span<const char* const> others);
/// The same for this machine's libcurl and where Linux systems keep theirs.
[[nodiscard]] std::string system_ca_bundle();

/// The certificate authorities a transport trusts, read for its first TLS connection and shared by
/// all of them: libcurl would read Debian's bundle for each, at 33 ms of CPU. A bundle that has
/// changed is read again for the next connection. Safe from many threads.
class TrustStore {
 public:
  /// `ca_bundle` is a PEM file; empty: the one libcurl was built with. libcurl's directory of
  /// authorities is used in either case, as libcurl does. Reads nothing yet.
  explicit TrustStore(std::string ca_bundle);

  /// True when libcurl uses the same OpenSSL as this library; otherwise libcurl must read the
  /// bundle itself.
  [[nodiscard]] static bool is_usable();

  /// CURLOPT_SSL_CTX_FUNCTION. `self` is CURLOPT_SSL_CTX_DATA and outlives the connection.
  /// Errors: CURLE_SSL_CACERT_BADFILE when the bundle cannot be read or has no certificate.
  static CURLcode install(CURL* easy, void* tls_context, void* self);

 private:
  struct StoreDeleter {
    void operator()(X509_STORE* store) const { X509_STORE_free(store); }
  };
  using Store = std::unique_ptr<X509_STORE, StoreDeleter>;

  /// Identifies one state of a file.
  struct Stamp {
    ino_t file = 0;
    off_t bytes = 0;
    std::int64_t changed_s = 0;
    std::int64_t changed_ns = 0;
    friend bool operator==(const Stamp&, const Stamp&) = default;
  };

  [[nodiscard]] static Stamp stamp_of(const std::string& file);
  [[nodiscard]] Store read() const;
  [[nodiscard]] bool install_in(void* tls_context);

  std::string file_;       ///< Empty: none.
  std::string directory_;  ///< Empty: none.
  std::mutex mutex_;
  Store store_;  ///< Null: not read yet.
  Stamp stamp_;  ///< State of the file when it was read.
};

}  // namespace llm::http
