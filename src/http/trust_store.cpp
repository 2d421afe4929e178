#include "http/trust_store.hpp"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <utility>

namespace llm::http {
namespace {

std::string text_or_empty(const char* text) { return text == nullptr ? "" : text; }

bool is_there(const char* file) {
  struct stat status{};
  return ::stat(file, &status) == 0 && S_ISREG(status.st_mode);
}

// Debian, Ubuntu, Arch, Gentoo; Fedora and Red Hat, by the old name and the new; SUSE; Alpine.
constexpr auto kBundles = std::to_array<const char*>({
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
});

}  // namespace

std::string system_ca_bundle(const std::string& built_in, std::span<const char* const> others) {
  if (!built_in.empty() && is_there(built_in.c_str())) return {};
  const auto found = std::ranges::find_if(others, is_there);
  return found == others.end() ? "" : *found;
}

std::string system_ca_bundle() {
  return system_ca_bundle(text_or_empty(curl_version_info(CURLVERSION_NOW)->cainfo), kBundles);
}

TrustStore::TrustStore(std::string ca_bundle) : file_(std::move(ca_bundle)) {
  const curl_version_info_data& libcurl = *curl_version_info(CURLVERSION_NOW);
  if (file_.empty()) file_ = text_or_empty(libcurl.cainfo);
  directory_ = text_or_empty(libcurl.capath);
}

bool TrustStore::is_usable() {
  static const bool same = text_or_empty(curl_version_info(CURLVERSION_NOW)->ssl_version) ==
                           std::string("OpenSSL/") + OpenSSL_version(OPENSSL_VERSION_STRING);
  return same;
}

CURLcode TrustStore::install(CURL* /*easy*/, void* tls_context, void* self) {
  if (static_cast<TrustStore*>(self)->install_in(tls_context)) return CURLE_OK;
  ERR_clear_error();  // the queue is per thread: the next OpenSSL call would see these errors
  return CURLE_SSL_CACERT_BADFILE;
}

bool TrustStore::install_in(void* tls_context) {
  const std::scoped_lock lock(mutex_);
  const Stamp stamp = stamp_of(file_);
  if (!store_ || stamp != stamp_) {
    store_ = read();
    stamp_ = stamp;
  }
  if (!store_) return false;
  SSL_CTX_set1_cert_store(static_cast<SSL_CTX*>(tls_context), store_.get());
  return true;
}

/// Null on failure.
TrustStore::Store TrustStore::read() const {
  Store store(X509_STORE_new());
  if (!store) return nullptr;
  if (!file_.empty() && X509_STORE_load_file(store.get(), file_.c_str()) != 1) return nullptr;
  if (!directory_.empty() && X509_STORE_load_path(store.get(), directory_.c_str()) != 1) {
    return nullptr;
  }
  // The flags libcurl sets: a bundle may contain an authority without that authority's issuer.
  X509_STORE_set_flags(store.get(), X509_V_FLAG_TRUSTED_FIRST | X509_V_FLAG_PARTIAL_CHAIN);
  return store;
}

/// For a missing file, a stamp that no file has.
TrustStore::Stamp TrustStore::stamp_of(const std::string& file) {
  struct stat status{};
  if (::stat(file.c_str(), &status) != 0) return {};
  return {.file = status.st_ino,
          .bytes = status.st_size,
          .changed_s = status.st_mtim.tv_sec,
          .changed_ns = status.st_mtim.tv_nsec};
}

}  // namespace llm::http
