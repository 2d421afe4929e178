#include "local/http/connection.hpp"

#include <array>

#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "base/errors.hpp"

namespace llm::local {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Tcp = asio::ip::tcp;

constexpr std::size_t kReadBytes = 16 * 1024;

/// Selects the first of our protocols that the peer offers too.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* chosen_length,
                    const unsigned char* offered, unsigned int offered_length, void*) {
  // Each name follows its length (RFC 7301, section 3.1).
  constexpr std::string_view kOurs = "\x02h2\x08http/1.1";
  unsigned char* found = nullptr;
  const int result = SSL_select_next_proto(
      &found, chosen_length, reinterpret_cast<const unsigned char*>(kOurs.data()),
      static_cast<unsigned int>(kOurs.size()), offered, offered_length);
  *chosen = found;
  return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

auto completion(error_code& error) { return asio::redirect_error(asio::use_awaitable, error); }

}  // namespace

struct TlsContext {
  asio::ssl::context settings{asio::ssl::context::tls_server};
};

struct Connection::Tls {
  asio::ssl::stream<Tcp::socket&> stream;
};

Result<std::shared_ptr<TlsContext>> load_tls(const TlsSource& source) {
  const auto refuse = [](const std::string& what, const std::string& file, const error_code& why) {
    return base::configuration_error(
        "The TLS " + what + " in \"" + file + "\" cannot be used: " + why.message() + ".",
        "Use a PEM certificate and its private key without a passphrase.");
  };
  const std::string& key_file =
      source.private_key.empty() ? source.certificate : source.private_key;
  auto context = std::make_shared<TlsContext>();
  asio::ssl::context& settings = context->settings;
  error_code error;
  // HTTP/2 requires TLS 1.2 (RFC 9113, section 9.2).
  SSL_CTX_set_min_proto_version(settings.native_handle(), TLS1_2_VERSION);
  SSL_CTX_set_alpn_select_cb(settings.native_handle(), choose_protocol, nullptr);
  // Without this OpenSSL asks for the passphrase of an encrypted key on the terminal.
  settings.set_password_callback([](std::size_t, auto) { return std::string(); }, error);
  if (!source.pem.empty()) {
    settings.use_certificate_chain(asio::buffer(source.pem), error);
    if (error) return refuse("certificate", "memory", error);
    settings.use_private_key(asio::buffer(source.pem), asio::ssl::context::pem, error);
    if (error) return refuse("private key", "memory", error);
    return context;
  }
  settings.use_certificate_chain_file(source.certificate, error);
  if (error) return refuse("certificate", source.certificate, error);
  settings.use_private_key_file(key_file, asio::ssl::context::pem, error);
  if (error) return refuse("private key", key_file, error);
  return context;
}

Connection::Connection(Tcp::socket socket, TlsContext* tls)
    : socket_(std::move(socket)), timer_(socket_.get_executor()) {
  error_code ignored;
  socket_.set_option(Tcp::no_delay(true), ignored);
  if (tls != nullptr) tls_.reset(new Tls{{socket_, tls->settings}});
}

Connection::~Connection() = default;

asio::awaitable<bool> Connection::handshake() {
  error_code error;
  if (tls_) {
    co_await tls_->stream.async_handshake(asio::ssl::stream_base::server, completion(error));
  }
  co_return !error;
}

std::string_view Connection::protocol() const {
  if (!tls_) return {};
  const unsigned char* name = nullptr;
  unsigned int length = 0;
  SSL_get0_alpn_selected(tls_->stream.native_handle(), &name, &length);
  return {reinterpret_cast<const char*>(name), length};
}

asio::awaitable<void> Connection::read(std::string& bytes, error_code& error) {
  const std::size_t before = bytes.size();
  bytes.resize(before + kReadBytes);
  const auto room = asio::buffer(bytes.data() + before, kReadBytes);
  const std::size_t count = tls_ ? co_await tls_->stream.async_read_some(room, completion(error))
                                 : co_await socket_.async_read_some(room, completion(error));
  bytes.resize(before + count);
}

asio::awaitable<void> Connection::write(std::string_view bytes, error_code& error) {
  const auto from = asio::buffer(bytes.data(), bytes.size());
  if (tls_) {
    co_await asio::async_write(tls_->stream, from, completion(error));
  } else {
    co_await asio::async_write(socket_, from, completion(error));
  }
}

asio::awaitable<void> Connection::pause(std::chrono::milliseconds delay) {
  if (delay.count() <= 0 || stopped_) co_return;
  error_code ignored;
  timer_.expires_after(delay);
  co_await timer_.async_wait(completion(ignored));
}

asio::awaitable<void> Connection::read_to_end() {
  error_code error;
  std::array<char, kReadBytes> sink{};
  // The raw socket is enough: TLS records are discarded like everything else.
  while (!error && !stopped_) {
    co_await socket_.async_read_some(asio::buffer(sink), completion(error));
  }
}

asio::awaitable<void> Connection::drain() {
  timer_.expires_after(kLinger);
  timer_.async_wait([self = shared_from_this()](error_code cancelled) {
    if (!cancelled) self->close();
  });
  error_code ignored;
  if (tls_) co_await tls_->stream.async_shutdown(completion(ignored));
  socket_.shutdown(Tcp::socket::shutdown_send, ignored);
  co_await read_to_end();
  timer_.cancel();
}

void Connection::cancel() {
  error_code ignored;
  socket_.cancel(ignored);
}

void Connection::close() {
  error_code ignored;
  timer_.cancel();
  socket_.close(ignored);
}

void Connection::reset() {
  error_code ignored;
  // Closing with a linger of zero sends RST.
  socket_.set_option(asio::socket_base::linger(true, 0), ignored);
  close();
}

void Connection::stop() {
  stopped_ = true;
  if (!on_stop_) return close();
  on_stop_();
}

}  // namespace llm::local
