#include "http/trust_store.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <string>

#include "tests/support/openssl_pointer.hpp"
#include "tests/support/self_signed.hpp"
#include "tests/support/temporary_directory.hpp"

namespace llm::http {
namespace {

using namespace test_support;

std::string certificate() { return self_signed("DNS:host.test").certificate_pem; }

/// A TLS context after the store was put into it.
struct Installed {
  explicit Installed(TrustStore& trust)
      : code(TrustStore::install(nullptr, context.get(), &trust)),
        store(SSL_CTX_get_cert_store(context.get())) {}
  TlsContextPointer context{SSL_CTX_new(TLS_client_method())};
  CURLcode code;
  X509_STORE* store;
};

TEST(TrustStore, is_usable_with_the_libcurl_of_this_system) {
  EXPECT_TRUE(TrustStore::is_usable());
}

TEST(SystemCaBundle, is_libcurls_own_if_that_is_there_else_the_first_that_is) {
  const TemporaryDirectory folder;
  const std::string missing = (folder.path() / "missing.pem").string();
  const std::string first = (folder.path() / "first.pem").string();
  const std::string second = (folder.path() / "second.pem").string();
  write_file(first, "");
  write_file(second, "");
  const auto others = std::to_array<const char*>(
      {missing.c_str(), folder.path().c_str(), first.c_str(), second.c_str()});

  EXPECT_EQ(system_ca_bundle(second, others), "") << "libcurl reads it by itself";
  EXPECT_EQ(system_ca_bundle(missing, others), first);
  EXPECT_EQ(system_ca_bundle("", others), first);
  EXPECT_EQ(system_ca_bundle(missing, {}), "");
}

TEST(TrustStore, is_read_once_for_all_connections) {
  const TemporaryDirectory folder;
  const auto bundle = folder.path() / "bundle.pem";
  TrustStore trust(bundle.string());
  write_file(bundle, certificate());  // after it was made: it reads at the first connection

  const Installed first(trust);
  const Installed second(trust);

  EXPECT_EQ(first.code, CURLE_OK);
  EXPECT_EQ(second.code, CURLE_OK);
  EXPECT_EQ(first.store, second.store) << "the same object";
}

TEST(TrustStore, is_read_again_when_the_file_has_changed) {
  const TemporaryDirectory folder;
  const auto bundle = folder.path() / "bundle.pem";
  TrustStore trust(bundle.string());
  write_file(bundle, certificate());
  const Installed before(trust);
  write_file(bundle, certificate() + certificate());

  const Installed after(trust);

  EXPECT_EQ(after.code, CURLE_OK);
  EXPECT_NE(before.store, after.store);
}

TEST(TrustStore, refuses_a_file_that_is_missing_or_has_no_certificate_until_it_has) {
  const TemporaryDirectory folder;
  const auto bundle = folder.path() / "bundle.pem";
  TrustStore trust(bundle.string());

  EXPECT_EQ(Installed(trust).code, CURLE_SSL_CACERT_BADFILE);
  for (const char* text : {"", "no PEM", "-----BEGIN CERTIFICATE-----\nAAAA\n"}) {
    write_file(bundle, text);
    EXPECT_EQ(Installed(trust).code, CURLE_SSL_CACERT_BADFILE) << text;
  }
  write_file(bundle, certificate());
  EXPECT_EQ(Installed(trust).code, CURLE_OK);
}

TEST(TrustStore, uses_the_bundle_of_the_system_when_no_file_is_given) {
  if (::access(curl_version_info(CURLVERSION_NOW)->cainfo, R_OK) != 0) {
    GTEST_SKIP() << "this system has no CA bundle";
  }
  TrustStore trust("");

  const Installed installed(trust);

  EXPECT_EQ(installed.code, CURLE_OK);
}

}  // namespace
}  // namespace llm::http
