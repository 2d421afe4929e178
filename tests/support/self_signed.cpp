#include "tests/support/self_signed.hpp"

#include <openssl/pem.h>

#include "tests/support/openssl_pointer.hpp"

namespace llm::test_support {
namespace {

void add_extension(X509* certificate, int kind, const std::string& value) {
  const ExtensionPointer extension(X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str()));
  X509_add_ext(certificate, extension.get(), -1);
}

CertificatePointer sign_certificate(EVP_PKEY* key, const std::string& names,
                                    std::chrono::seconds left) {
  constexpr long kVersion3 = 2;
  constexpr std::chrono::seconds kGoodFor = std::chrono::hours(2);
  CertificatePointer certificate(X509_new());
  X509_set_version(certificate.get(), kVersion3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), (left - kGoodFor).count());
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), left.count());
  X509_set_pubkey(certificate.get(), key);
  X509_NAME* subject = X509_get_subject_name(certificate.get());
  const std::string name = "llm-bedrock test";
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(name.data()),
                             static_cast<int>(name.size()), -1, 0);
  X509_set_issuer_name(certificate.get(), subject);
  add_extension(certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
  add_extension(certificate.get(), NID_subject_alt_name, names);
  X509_sign(certificate.get(), key, EVP_sha256());
  return certificate;
}

std::string text_of(BIO* memory) {
  char* text = nullptr;
  const long size = BIO_get_mem_data(memory, &text);
  return {text, static_cast<std::size_t>(size)};
}

}  // namespace

KeyPair self_signed(const std::string& names, std::chrono::seconds left) {
  const KeyPointer key(EVP_EC_gen("P-256"));
  const CertificatePointer certificate = sign_certificate(key.get(), names, left);
  const MemoryPointer certificate_text(BIO_new(BIO_s_mem()));
  const MemoryPointer key_text(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(certificate_text.get(), certificate.get());
  PEM_write_bio_PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  return {.certificate_pem = text_of(certificate_text.get()), .key_pem = text_of(key_text.get())};
}

}  // namespace llm::test_support
