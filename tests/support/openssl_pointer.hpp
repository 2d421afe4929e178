#pragma once

#include <memory>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace llm::test_support {

template <auto Free>
struct OpensslDeleter {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};

/// Owners of what OpenSSL makes.
using KeyPointer = std::unique_ptr<EVP_PKEY, OpensslDeleter<EVP_PKEY_free>>;
using CertificatePointer = std::unique_ptr<X509, OpensslDeleter<X509_free>>;
using ExtensionPointer = std::unique_ptr<X509_EXTENSION, OpensslDeleter<X509_EXTENSION_free>>;
using MemoryPointer = std::unique_ptr<BIO, OpensslDeleter<BIO_free_all>>;
using TlsPointer = std::unique_ptr<SSL, OpensslDeleter<SSL_free>>;
using TlsContextPointer = std::unique_ptr<SSL_CTX, OpensslDeleter<SSL_CTX_free>>;

}  // namespace llm::test_support
