#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include <llm/error.hpp>

#include "local/http/message.hpp"

namespace llm::local {

/// What a listener tells. Both are called on its one thread, never two at a time.
struct ListenerEvents {
  std::function<void()> on_connection{};
  std::function<Reply(const Request&)> on_request{};
};

/// PEM files: a certificate, with those that lead to its authority behind it, and its key.
struct TlsFiles {
  std::string certificate{};  ///< Empty: no TLS.
  std::string private_key{};  ///< Empty: it is in the file of the certificate.
};

/// HTTP on one address, on a thread of its own that serves every connection.
/// HTTP/1.1 with keep-alive, pipelining, chunked uploads and `Expect: 100-continue`; the frames of
/// a streamed reply are written one by one as chunks. HTTP/2 for a connection that begins with its
/// preface. Under TLS ALPN decides between the two. Headers may be 64 KiB long.
class Listener {
 public:
  /// Errors: configuration_error for an address that is none or cannot be bound, and for a
  /// certificate or key that cannot be used.
  [[nodiscard]] static Result<std::unique_ptr<Listener>> open(const std::string& address,
                                                              std::uint16_t port,
                                                              ListenerEvents events,
                                                              const TlsFiles& tls = {});
  virtual ~Listener() = default;

  [[nodiscard]] virtual std::uint16_t port() const = 0;
  /// Closes everything and joins the thread. May be called twice, not from the thread itself.
  virtual void stop() = 0;
};

}  // namespace llm::local
