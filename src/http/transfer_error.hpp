#pragma once

#include <curl/curl.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include <llm/error.hpp>

#include "base/errors.hpp"

namespace llm::http {

/// What is known about an exchange that libcurl gave up. Views live for the call only.
struct FailedTransfer {
  CURLcode code = CURLE_OK;
  std::string_view host{};    ///< The only part of the URL that an error shows.
  std::string_view detail{};  ///< libcurl's own text; shown only where no peer's data is in it.
  long system_error = 0;      ///< errno of the last attempt to connect; 0 when there is none.
  std::string_view ca_bundle{};
  std::chrono::milliseconds connect_limit{};
  long proxy_status = 0;      ///< Status of the response to CONNECT; 0 when there was none.
  bool request_sent = false;  ///< All of it: it may have been carried out.
  bool head_arrived = false;
  std::uint64_t body_bytes = 0;  ///< Received so far.
};

/// The error for a transfer that failed. Pure.
[[nodiscard]] Error transfer_error(const FailedTransfer& failed);

/// timeout_error for a limit of one exchange. `limit` is the limit as set.
[[nodiscard]] Error time_limit_error(base::TimeLimit kind, std::string_view host,
                                     std::chrono::milliseconds limit);
[[nodiscard]] Error cancelled_error(std::string_view host);
/// configuration_error: another process began the request.
[[nodiscard]] Error foreign_response_error(std::string_view host);
/// connection_error, not retryable: the request's PeerRule does not allow the host's address.
[[nodiscard]] Error refused_peer_error(std::string_view host);
/// connection_error, not retryable.
[[nodiscard]] Error head_too_large_error(std::string_view host);
/// connection_error, not retryable: a transfer coding other than `chunked` once.
[[nodiscard]] Error transfer_coding_error(std::string_view host);
/// connection_error, retryable: the process or the system has no file descriptor left.
[[nodiscard]] Error no_descriptor_error(std::string_view host);
/// connection_error, not retryable: two different values of Content-Length.
[[nodiscard]] Error lengths_error(std::string_view host);

}  // namespace llm::http
