#include "http/transfer_error.hpp"

#include <initializer_list>

#include "http/head_parser.hpp"

namespace llm::http {
namespace {

enum class Again { yes, no };

std::string join(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) text.append(part);
  return text;
}

std::string in_ms(std::chrono::milliseconds limit) { return std::to_string(limit.count()) + " ms"; }

Error failure(ErrorCode code, std::string message, Again again) {
  Error error = make_error(code, std::move(message));
  error.retryable = again == Again::yes;
  return error;
}

Error limit_passed(std::initializer_list<std::string_view> parts) {
  return failure(ErrorCode::timeout_error, join(parts), Again::no);
}

Error connection_failure(std::initializer_list<std::string_view> message, Again again) {
  return failure(ErrorCode::connection_error, join(message), again);
}

/// `: detail`, or nothing.
std::string with_colon(std::string_view detail) {
  return detail.empty() ? std::string() : join({": ", detail});
}

Error connect_timeout(const FailedTransfer& failed) {
  return failure(
      ErrorCode::timeout_error,
      join({"could not connect to ", failed.host, " within ", in_ms(failed.connect_limit),
            " (connect limit); check the network, the proxy and the region"}),
      Again::yes);
}

Error lost_connection(const FailedTransfer& failed) {
  if (failed.head_arrived) {
    return connection_failure(
        {"the answer of ", failed.host, " was cut short or damaged after ",
         std::to_string(failed.body_bytes), " body bytes; the request may have been carried out"},
        Again::yes);
  }
  if (failed.proxy_status != 0) {
    return connection_failure(
        {"the proxy refused to connect to ", failed.host, " with status ",
         std::to_string(failed.proxy_status), "; check HTTPS_PROXY and NO_PROXY"},
        Again::yes);
  }
  return connection_failure({"the connection to ", failed.host,
                             " was lost before an answer came; the request may have been carried "
                             "out"},
                            Again::yes);
}

}  // namespace

Error transfer_error(const FailedTransfer& failed) {
  switch (failed.code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return connection_failure(
          {"could not resolve the host ", failed.host, "; check the region and the network"},
          Again::yes);
    case CURLE_COULDNT_RESOLVE_PROXY:
      return connection_failure({"could not resolve the proxy on the way to ", failed.host,
                                 "; check HTTPS_PROXY and NO_PROXY"},
                                Again::yes);
    case CURLE_COULDNT_CONNECT:
      return connection_failure({"could not connect to ", failed.host, with_colon(failed.detail),
                                 "; check the endpoint, the network and the proxy"},
                                Again::yes);
    case CURLE_OPERATION_TIMEDOUT:
      return connect_timeout(failed);
    case CURLE_PEER_FAILED_VERIFICATION:
      return connection_failure(
          {"could not verify the TLS certificate of ", failed.host, with_colon(failed.detail),
           "; if a proxy or a private endpoint signs its own certificates, set AWS_CA_BUNDLE to "
           "the PEM file of its authority"},
          Again::no);
    case CURLE_SSL_CACERT_BADFILE:
      return failure(ErrorCode::configuration_error,
                     join({"could not read the CA bundle \"", failed.ca_bundle,
                           "\"; check AWS_CA_BUNDLE and ca_bundle: it must name a PEM file"}),
                     Again::no);
    case CURLE_SSL_CONNECT_ERROR:
      return connection_failure(
          {"the TLS handshake with ", failed.host, " failed", with_colon(failed.detail),
           "; check the endpoint, its port and the proxy"},
          Again::yes);
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY:
      return connection_failure(
          {"what ", failed.host, " sent is no HTTP answer; check the endpoint's scheme and port"},
          Again::no);
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_SEND_FAIL_REWIND:
    case CURLE_ABORTED_BY_CALLBACK:
      return lost_connection(failed);
    case CURLE_OUT_OF_MEMORY:
    case CURLE_FAILED_INIT:
    case CURLE_UNKNOWN_OPTION:
      return failure(ErrorCode::internal_error,
                     join({"the HTTP library could not carry a request to ", failed.host, ": ",
                           curl_easy_strerror(failed.code)}),
                     Again::no);
    default:
      return connection_failure({"the exchange with ", failed.host, " failed: ",
                                 curl_easy_strerror(failed.code), "; check the network"},
                                Again::yes);
  }
}

Error first_byte_error(std::string_view host, std::chrono::milliseconds limit) {
  return limit_passed({host, " began no answer within ", in_ms(limit),
                       " (first-byte limit); the request may have been carried out; raise the "
                       "limit if the model needs longer"});
}

Error idle_error(std::string_view host, std::chrono::milliseconds limit) {
  return limit_passed({host, " sent nothing for ", in_ms(limit),
                       " in the middle of an answer (idle limit); raise the limit if the model "
                       "pauses for longer"});
}

Error upload_error(std::string_view host, std::chrono::milliseconds limit) {
  return limit_passed({host, " took nothing of the request for ", in_ms(limit),
                       " (idle limit), before it had all of it; check the network and the "
                       "endpoint, or raise the limit"});
}

Error total_error(std::string_view host, std::chrono::milliseconds limit) {
  return limit_passed({"the exchange with ", host, " was not complete within ", in_ms(limit),
                       " (total limit); raise the timeout or ask for a shorter answer"});
}

Error cancelled_error(std::string_view host) {
  return failure(ErrorCode::cancelled, join({"the exchange with ", host, " was cancelled"}),
                 Again::no);
}

Error refused_peer_error(std::string_view host) {
  return connection_failure(
      {"did not connect to ", host,
       ": its address is not one that this request may go to; check the endpoint"},
      Again::no);
}

Error head_too_large_error(std::string_view host) {
  return connection_failure(
      {"the answer of ", host, " has more than ", std::to_string(kMaxHeadBytes),
       " bytes of headers; check the endpoint"},
      Again::no);
}

}  // namespace llm::http
