#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include <llm/error.hpp>

#include "local/http/message.hpp"

namespace llm::local {

/// Callbacks of a listener, all on its one thread. `on_request` gets what cannot be served too: a
/// request with a defect.
struct ListenerEvents {
  std::function<void()> on_connection{};
  std::function<Reply(const Request&)> on_request{};
};

/// A certificate, followed by its chain, and its private key: PEM files, or one PEM text with both.
struct TlsSource {
  std::string certificate{};  ///< A file; empty without `pem`: no TLS.
  std::string private_key{};  ///< A file; empty: in the certificate file.
  std::string pem{};          ///< Used instead of the files.

  [[nodiscard]] bool enabled() const { return !certificate.empty() || !pem.empty(); }
};

/// Errors: configuration_error for an address that is not an IP address.
[[nodiscard]] Result<void> check_address(const std::string& address);

/// An HTTP server on one address, with one thread for all connections.
/// HTTP/1.1 with keep-alive, pipelining, chunked uploads and `Expect: 100-continue`; each frame of
/// a streamed reply is one chunk. HTTP/2 for a connection that begins with its preface; under TLS,
/// ALPN selects the protocol. Headers may be 64 KiB long.
/// When the process has no file descriptor left, a connection waits half a second for one to come
/// free. Then one held in reserve serves it: its request gets the defect `no_descriptors`.
class Listener {
 public:
  /// Errors: configuration_error for an invalid address, one that cannot be bound, and a
  /// certificate or key that cannot be used; and without the descriptors or the thread to run.
  [[nodiscard]] static Result<std::unique_ptr<Listener>> open(const std::string& address,
                                                              std::uint16_t port,
                                                              ListenerEvents events,
                                                              const TlsSource& tls = {});
  virtual ~Listener() = default;

  [[nodiscard]] virtual std::uint16_t port() const = 0;
  /// Closes every connection and joins the thread. May be called twice, but not from the thread.
  virtual void stop() = 0;
};

}  // namespace llm::local
