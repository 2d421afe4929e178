#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include <llm/error.hpp>

namespace llm {

/// One header field; the name's case does not count.
struct HttpHeader {
  std::string name{};
  std::string value{};
  friend bool operator==(const HttpHeader&, const HttpHeader&) = default;
};

/// Limits of one request. Unset: none. All are measured on the steady clock.
struct HttpLimits {
  std::optional<std::chrono::milliseconds> connect{std::chrono::milliseconds(3100)};
  std::optional<std::chrono::milliseconds>
      first_byte{};  ///< From the end of the request to the status line.
  std::optional<std::chrono::milliseconds> idle{};   ///< Without a byte of a body, either way.
  std::optional<std::chrono::milliseconds> total{};  ///< The whole exchange.
};

/// How a request finds its way out.
enum class ProxyUse {
  environment,  ///< As HTTPS_PROXY, HTTP_PROXY and NO_PROXY say.
  never,        ///< Directly; for metadata services.
};

/// Which addresses a request may reach, checked on the connection itself before a byte is sent.
enum class PeerRule {
  any,
  loopback,  ///< 127.0.0.0/8 and ::1 only.
  metadata,  ///< Loopback, 169.254.169.254, 169.254.170.2, 169.254.170.23, fd00:ec2::254,
             ///< fd00:ec2::23.
};

/// A request that is ready to be sent: signed, every header written out.
struct HttpRequest {
  std::string method = "POST";
  std::string url{};  ///< Sent byte by byte as written (no path normalisation).
  std::vector<HttpHeader> headers{};
  std::shared_ptr<const std::string>
      body{};  ///< Null: none. Shared so that a retry copies nothing.
  HttpLimits limits{};
  ProxyUse proxy = ProxyUse::environment;
  PeerRule peer = PeerRule::any;
};

/// Status and headers of an answer.
struct HttpResponseHead {
  int status = 0;
  std::vector<HttpHeader> headers{};
  /// The first header of that name, or empty. The view lives as long as this object is not changed.
  [[nodiscard]] std::string_view header(std::string_view name) const;
};

/// An answer whose head has arrived. Used by one thread at a time; destroying it ends the exchange.
class HttpExchange {
 public:
  virtual ~HttpExchange() = default;
  /// Stays as it is while the body is read, and after its end or a failure. Lives as long as the
  /// exchange.
  [[nodiscard]] virtual const HttpResponseHead& head() const = 0;

  /// Blocks until some bytes of the body have arrived, and gives them; nothing when the body is
  /// complete. Never waits for more than what has arrived. The view lives until the next call.
  /// Errors: timeout_error (idle, total), connection_error (cut short), cancelled.
  [[nodiscard]] virtual Result<std::string_view> read_some() = 0;
};

/// Carries requests; the one way to the network. Const members are safe from many threads.
/// An HTTP error status is a success here.
class Transport {
 public:
  virtual ~Transport() = default;

  /// Sends, and returns when the head of the answer is there. Follows no redirect, sends a body at
  /// most once, verifies TLS, speaks `https` and `http` only.
  /// Errors: connection_error (retryable unless TLS could not be verified), timeout_error,
  /// cancelled, configuration_error (URL).
  [[nodiscard]] virtual Result<std::unique_ptr<HttpExchange>> send(const HttpRequest& request,
                                                                   std::stop_token stop) const = 0;
};

}  // namespace llm
