#include "tests/support/tls_server.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

#include "tests/support/loopback_listener.hpp"

namespace llm::test_support {
namespace {

template <auto Free>
struct Deleter {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Deleter<X509_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Deleter<X509_EXTENSION_free>>;
using Memory = std::unique_ptr<BIO, Deleter<BIO_free_all>>;
using Connection = std::unique_ptr<SSL, Deleter<SSL_free>>;

void add_extension(X509* certificate, int kind, const std::string& value) {
  const Extension extension(X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str()));
  X509_add_ext(certificate, extension.get(), -1);
}

Certificate sign_certificate(EVP_PKEY* key, const std::string& names) {
  constexpr long kVersion3 = 2;
  constexpr long kHour = 3600;
  Certificate certificate(X509_new());
  X509_set_version(certificate.get(), kVersion3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -kHour);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), kHour);
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

std::string to_pem(X509* certificate) {
  const Memory memory(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(memory.get(), certificate);
  char* text = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

}  // namespace

struct TlsServer::Context {
  std::unique_ptr<SSL_CTX, Deleter<SSL_CTX_free>> tls{SSL_CTX_new(TLS_server_method())};
};

TlsServer::TlsServer(const std::string& names, std::string answer)
    : context_(std::make_unique<Context>()), answer_(std::move(answer)) {
  const Key key(EVP_EC_gen("P-256"));
  const Certificate certificate = sign_certificate(key.get(), names);
  if (SSL_CTX_use_certificate(context_->tls.get(), certificate.get()) != 1 ||
      SSL_CTX_use_PrivateKey(context_->tls.get(), key.get()) != 1) {
    throw std::runtime_error("TlsServer has no certificate");
  }
  certificate_pem_ = to_pem(certificate.get());
  const LoopbackListener listener = listen_on_loopback();
  listener_ = listener.socket;
  port_ = listener.port;
  thread_ = std::jthread([this] { serve(); });
}

TlsServer::~TlsServer() {
  ::shutdown(listener_, SHUT_RDWR);
  thread_.join();
  ::close(listener_);
}

std::string TlsServer::url() const { return "https://127.0.0.1:" + std::to_string(port_) + "/"; }

void TlsServer::serve() {
  // OpenSSL writes to sockets that the client has closed.
  sigset_t pipe;
  ::sigemptyset(&pipe);
  ::sigaddset(&pipe, SIGPIPE);
  ::pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
  while (true) {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) return;
    answer_one(socket);
    ::close(socket);
  }
}

void TlsServer::answer_one(int socket) {
  const Connection connection(SSL_new(context_->tls.get()));
  SSL_set_fd(connection.get(), socket);
  if (SSL_accept(connection.get()) != 1) return;
  std::string request;
  while (!request.contains("\r\n\r\n")) {
    std::array<char, 4096> buffer{};
    const int count = SSL_read(connection.get(), buffer.data(), static_cast<int>(buffer.size()));
    if (count <= 0) return;
    request.append(buffer.data(), static_cast<std::size_t>(count));
  }
  ++requests_;
  SSL_write(connection.get(), answer_.data(), static_cast<int>(answer_.size()));
  SSL_shutdown(connection.get());
}

}  // namespace llm::test_support
