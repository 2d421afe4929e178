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

/// One header field. Names are case-insensitive.
struct HttpHeader {
  std::string name{};
  std::string value{};
  friend bool operator==(const HttpHeader&, const HttpHeader&) = default;
};

/// Time limits of one exchange, on the steady clock. Unset: none.
struct HttpLimits {
  std::optional<std::chrono::milliseconds> connect{std::chrono::milliseconds(3100)};
  std::optional<std::chrono::milliseconds>
      first_byte{};  ///< From the end of the request to the status line.
  std::optional<std::chrono::milliseconds> idle{};   ///< Without a byte of either body.
  std::optional<std::chrono::milliseconds> total{};  ///< The whole exchange.
  /// From the head of a response that is not a success (not 2xx) to its end: what it says is worth
  /// a short wait only.
  std::optional<std::chrono::milliseconds> refusal{std::chrono::milliseconds(10'000)};
};

/// Whether proxies are used.
enum class ProxyUse {
  environment,  ///< As set by HTTPS_PROXY, HTTP_PROXY and NO_PROXY.
  never,        ///< Connects directly; for metadata services.
};

/// The addresses that a request may reach, checked on the socket before a byte is sent.
enum class PeerRule {
  any,
  loopback,  ///< 127.0.0.0/8 and ::1 only.
  metadata,  ///< Loopback, 169.254.169.254, 169.254.170.2, 169.254.170.23, fd00:ec2::254,
             ///< fd00:ec2::23.
};

/// A request that is ready to be sent: signed, with all headers.
struct HttpRequest {
  std::string method = "POST";
  std::string url{};  ///< Sent byte for byte as written (no path normalisation).
  std::vector<HttpHeader> headers{};
  std::shared_ptr<const std::string>
      body{};  ///< Null: none. Shared, so that a retry does not copy it.
  HttpLimits limits{};
  ProxyUse proxy = ProxyUse::environment;
  PeerRule peer = PeerRule::any;
};

/// Status and headers of a response.
struct HttpResponseHead {
  int status = 0;
  std::vector<HttpHeader> headers{};
  /// The value of the first header with that name, or empty. Valid until this object is changed.
  [[nodiscard]] std::string_view header(std::string_view name) const;
};

/// A response whose head has arrived. Used by one thread at a time; destroying it ends the
/// exchange.
class HttpExchange {
 public:
  virtual ~HttpExchange() = default;
  /// Does not change while the body is read. The reference lives as long as the exchange.
  [[nodiscard]] virtual const HttpResponseHead& head() const = 0;

  /// Blocks until bytes of the body arrive and returns what is there; empty at the end of the body.
  /// The view lives until the next call.
  /// Errors: timeout_error (idle, total), connection_error (body cut short), cancelled.
  [[nodiscard]] virtual Result<std::string_view> read_some() = 0;
};

/// Sends HTTP requests; the only way to the network. Const members are safe to call from many
/// threads at once. A response with an error status is a success here.
class Transport {
 public:
  virtual ~Transport() = default;

  /// Sends a request and returns when the head of the response has arrived. Follows no redirects,
  /// sends a body at most once, verifies TLS, supports `https` and `http` only.
  /// Errors: connection_error (retryable unless TLS verification failed), timeout_error, cancelled,
  /// configuration_error (invalid URL).
  [[nodiscard]] virtual Result<std::unique_ptr<HttpExchange>> send(const HttpRequest& request,
                                                                   std::stop_token stop) const = 0;
};

}  // namespace llm
