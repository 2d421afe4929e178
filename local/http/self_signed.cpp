#include "local/http/self_signed.hpp"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <chrono>
#include <cstdint>
#include <memory>

#include "base/errors.hpp"

namespace llm::local {
namespace {

template <auto free>
struct Free {
  template <typename T>
  void operator()(T* object) const {
    free(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION_free>>;
using Memory = std::unique_ptr<BIO, Free<BIO_free_all>>;

constexpr std::chrono::days kLifetime{365};
// A client whose clock is a little slow accepts the certificate too.
constexpr std::chrono::days kStartsBefore{1};

bool set_extension(X509& certificate, int id, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, &certificate, &certificate, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str()));
  return extension && X509_add_ext(&certificate, extension.get(), -1) == 1;
}

bool set_serial(X509& certificate) {
  std::uint64_t serial = 0;
  if (RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) != 1) return false;
  // Positive and never zero (RFC 5280, section 4.1.2.2).
  serial = (serial >> 1U) | 1U;
  return ASN1_INTEGER_set_uint64(X509_get_serialNumber(&certificate), serial) == 1;
}

bool set_name(X509& certificate) {
  constexpr auto kName = "bedrock local";
  X509_NAME* const name = X509_get_subject_name(&certificate);
  return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                                    reinterpret_cast<const unsigned char*>(kName), -1, -1,
                                    0) == 1 &&
         X509_set_issuer_name(&certificate, name) == 1;
}

bool set_validity(X509& certificate, base::TimePoint now) {
  const auto seconds = [](base::TimePoint time) {
    return std::chrono::system_clock::to_time_t(time);
  };
  return ASN1_TIME_set(X509_getm_notBefore(&certificate), seconds(now - kStartsBefore)) !=
             nullptr &&
         ASN1_TIME_set(X509_getm_notAfter(&certificate), seconds(now + kLifetime)) != nullptr;
}

std::string subject_alt_names(const std::string& address) {
  std::string names = "DNS:localhost,IP:127.0.0.1,IP:::1";
  if (address != "127.0.0.1" && address != "::1") names += ",IP:" + address;
  return names;
}

template <typename Write>
std::string written(Write write) {
  const Memory memory(BIO_new(BIO_s_mem()));
  if (!memory || write(memory.get()) != 1) return {};
  char* text = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

}  // namespace

Result<SelfSigned> make_self_signed(const std::string& address, base::TimePoint now) {
  const Key key(EVP_EC_gen("P-256"));
  const Certificate certificate(X509_new());
  const bool is_signed =
      key && certificate && X509_set_version(certificate.get(), X509_VERSION_3) == 1 &&
      set_serial(*certificate) && set_name(*certificate) && set_validity(*certificate, now) &&
      X509_set_pubkey(certificate.get(), key.get()) == 1 &&
      set_extension(*certificate, NID_basic_constraints, "critical,CA:FALSE") &&
      set_extension(*certificate, NID_key_usage, "critical,digitalSignature") &&
      set_extension(*certificate, NID_ext_key_usage, "serverAuth") &&
      set_extension(*certificate, NID_subject_key_identifier, "hash") &&
      set_extension(*certificate, NID_subject_alt_name, subject_alt_names(address)) &&
      X509_sign(certificate.get(), key.get(), EVP_sha256()) > 0;
  SelfSigned made;
  if (is_signed) {
    made.certificate =
        written([&](BIO* out) { return PEM_write_bio_X509(out, certificate.get()); });
    made.private_key = written([&](BIO* out) {
      return PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
  }
  if (made.certificate.empty() || made.private_key.empty()) {
    return base::configuration_error(
        "A self-signed certificate for " + address + " could not be made.",
        "Use a certificate file.");
  }
  return made;
}

}  // namespace llm::local
