#include "tests/support/tls_server.hpp"

#include <openssl/pem.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

#include "tests/support/loopback_listener.hpp"
#include "tests/support/openssl_pointer.hpp"
#include "tests/support/self_signed.hpp"

namespace llm::test_support {

struct TlsServer::Context {
  TlsContextPointer tls{SSL_CTX_new(TLS_server_method())};
};

TlsServer::TlsServer(const std::string& names, std::string response, std::chrono::seconds left)
    : context_(std::make_unique<Context>()), response_(std::move(response)) {
  const KeyPair pair = self_signed(names, left);
  const MemoryPointer key_text(BIO_new_mem_buf(pair.key_pem.data(), -1));
  const MemoryPointer certificate_text(BIO_new_mem_buf(pair.certificate_pem.data(), -1));
  const KeyPointer key(PEM_read_bio_PrivateKey(key_text.get(), nullptr, nullptr, nullptr));
  const CertificatePointer certificate(
      PEM_read_bio_X509(certificate_text.get(), nullptr, nullptr, nullptr));
  if (SSL_CTX_use_certificate(context_->tls.get(), certificate.get()) != 1 ||
      SSL_CTX_use_PrivateKey(context_->tls.get(), key.get()) != 1) {
    throw std::runtime_error("TlsServer has no certificate");
  }
  certificate_pem_ = pair.certificate_pem;
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
    serve_one(socket);
    ::close(socket);
  }
}

void TlsServer::serve_one(int socket) {
  const TlsPointer connection(SSL_new(context_->tls.get()));
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
  SSL_write(connection.get(), response_.data(), static_cast<int>(response_.size()));
  SSL_shutdown(connection.get());
}

}  // namespace llm::test_support
