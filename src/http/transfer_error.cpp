#include "http/transfer_error.hpp"

#include <cerrno>
#include <initializer_list>

#include "base/errors.hpp"
#include "http/head_parser.hpp"

namespace llm::http {
namespace {

constexpr std::string_view kCheckProxy = "Check HTTPS_PROXY and NO_PROXY.";

std::string join(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) text.append(part);
  return text;
}

/// A sentence that ends with a reason: "WHAT: REASON.", or "WHAT." without one.
std::string because(std::initializer_list<std::string_view> what, std::string_view reason) {
  std::string text = join(what);
  if (!reason.empty()) text.append(": ").append(reason);
  if (!text.ends_with('.')) text += '.';
  return text;
}

Error permanent(Error error) {
  error.retryable = false;
  return error;
}

Error retryable(Error error) {
  error.retryable = true;
  return error;
}

Error connection_error(std::string message, std::string_view advice = {}) {
  return make_error(ErrorCode::connection_error, std::move(message), std::string(advice));
}

Error not_connected(const FailedTransfer& failed) {
  if (failed.system_error == EADDRNOTAVAIL) {
    return connection_error(
        join({"No local port or address is left for a connection to ", failed.host, "."}),
        "Make fewer calls at once, or widen the range of local ports "
        "(net.ipv4.ip_local_port_range).");
  }
  return connection_error(because({"Could not connect to ", failed.host}, failed.detail),
                          "Check the endpoint, the network and the proxy.");
}

Error lost_connection(const FailedTransfer& failed) {
  constexpr std::string_view kMayHaveRun = " The request may have been carried out.";
  if (failed.head_arrived) {
    return connection_error(
        join({"The response from ", failed.host, " was cut short or damaged after ",
              std::to_string(failed.body_bytes), " body bytes.", kMayHaveRun}));
  }
  if (failed.proxy_status != 0) {
    return connection_error(join({"The proxy refused to connect to ", failed.host, " with status ",
                                  std::to_string(failed.proxy_status), "."}),
                            kCheckProxy);
  }
  if (!failed.request_sent) {
    return connection_error(
        join({"The connection to ", failed.host, " was lost before the request was sent."}));
  }
  return connection_error(join(
      {"The connection to ", failed.host, " was lost before a response arrived.", kMayHaveRun}));
}

}  // namespace

Error transfer_error(const FailedTransfer& failed) {
  const std::string_view host = failed.host;
  switch (failed.code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return retryable(connection_error(join({"Could not resolve the host ", host, "."}),
                                        "Check the region and the network."));
    case CURLE_COULDNT_RESOLVE_PROXY:
      return retryable(
          connection_error(join({"Could not resolve the proxy for ", host, "."}), kCheckProxy));
    case CURLE_COULDNT_CONNECT:
      return retryable(not_connected(failed));
    case CURLE_OPERATION_TIMEDOUT:
      return retryable(
          base::time_limit_passed(base::TimeLimit::connect, host, failed.connect_limit));
    case CURLE_PEER_FAILED_VERIFICATION:
      return permanent(connection_error(
          because({"Could not verify the TLS certificate of ", host}, failed.detail),
          "If a proxy or a private endpoint uses its own certificate authority, set AWS_CA_BUNDLE "
          "to that authority's PEM file."));
    case CURLE_SSL_CACERT_BADFILE:
      if (failed.ca_bundle.empty()) {
        return permanent(
            make_error(ErrorCode::configuration_error,
                       "Could not read this system's bundle of certificate authorities.",
                       "Install ca-certificates, or set SSL_CERT_FILE to a PEM file."));
      }
      return permanent(
          make_error(ErrorCode::configuration_error,
                     join({"Could not read the CA bundle \"", failed.ca_bundle, "\"."}),
                     "Set AWS_CA_BUNDLE, ca_bundle or SSL_CERT_FILE to a PEM file."));
    case CURLE_SSL_CONNECT_ERROR:
      return retryable(
          connection_error(because({"The TLS handshake with ", host, " failed"}, failed.detail),
                           "Check the endpoint, its port and the proxy."));
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY:
      return permanent(
          connection_error(join({"The host ", host, " did not send a valid HTTP response."}),
                           "Check the endpoint's scheme and port."));
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_SEND_FAIL_REWIND:
    case CURLE_ABORTED_BY_CALLBACK:
      return retryable(lost_connection(failed));
    case CURLE_OUT_OF_MEMORY:
    case CURLE_FAILED_INIT:
    case CURLE_UNKNOWN_OPTION:
      return permanent(make_error(ErrorCode::internal_error,
                                  because({"The HTTP library could not send a request to ", host},
                                          curl_easy_strerror(failed.code))));
    default:
      return retryable(connection_error(
          because({"The request to ", host, " failed"}, curl_easy_strerror(failed.code)),
          "Check the network."));
  }
}

Error time_limit_error(base::TimeLimit kind, std::string_view host,
                       std::chrono::milliseconds limit) {
  if (kind != base::TimeLimit::total) return base::time_limit_passed(kind, host, limit);
  return base::time_limit_passed(kind, join({"The request to ", host}), limit);
}

Error cancelled_error(std::string_view host) {
  return base::cancelled(join({"The request to ", host}));
}

Error foreign_response_error(std::string_view host) {
  return make_error(
      ErrorCode::configuration_error,
      join({"The response of ", host, " belongs to the process that sent the request."}),
      "Read it there, or send the request again in this process.");
}

Error refused_peer_error(std::string_view host) {
  return permanent(connection_error(
      join({"The request may not connect to ", host, ": its address is not allowed."}),
      "Check the endpoint."));
}

Error head_too_large_error(std::string_view host) {
  return permanent(connection_error(join({"The response headers from ", host, " are larger than ",
                                          std::to_string(kMaxHeadBytes), " bytes."}),
                                    "Check the endpoint."));
}

Error transfer_coding_error(std::string_view host) {
  return permanent(connection_error(
      join({"The response from ", host, " has a transfer coding other than chunked."}),
      "Check the endpoint, and any proxy between here and it."));
}

Error no_descriptor_error(std::string_view host) {
  return retryable(
      connection_error(join({"No file descriptor is left for a connection to ", host, "."}),
                       "Raise the limit of open files (ulimit -n), or make fewer calls at once."));
}

Error lengths_error(std::string_view host) {
  return permanent(connection_error(join({"The response from ", host, " has two lengths."}),
                                    "Check the endpoint, and any proxy between here and it."));
}

}  // namespace llm::http
