#pragma once

#include <curl/curl.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include <llm/error.hpp>

namespace llm::http {

/// What is known about an exchange that libcurl gave up. Views live for the call only.
struct FailedTransfer {
  CURLcode code = CURLE_OK;
  std::string_view host{};  ///< Never more of the URL than this.
  std::string_view
      detail{};  ///< libcurl's own words; used only where they come from no peer's data.
  std::string_view ca_bundle{};
  std::chrono::milliseconds connect_limit{};
  long proxy_status = 0;  ///< Of the answer to CONNECT, 0 when there was none.
  bool head_arrived = false;
  std::uint64_t body_bytes = 0;  ///< That have arrived.
};

/// The error that a failed transfer is reported as. Pure.
[[nodiscard]] Error transfer_error(const FailedTransfer& failed);

/// timeout_error: nothing of the answer came within `limit` after the request had been sent.
[[nodiscard]] Error first_byte_error(std::string_view host, std::chrono::milliseconds limit);
/// timeout_error: no byte came for `limit` in the middle of an answer.
[[nodiscard]] Error idle_error(std::string_view host, std::chrono::milliseconds limit);
/// timeout_error: nothing more of the request could be sent for `limit`.
[[nodiscard]] Error upload_error(std::string_view host, std::chrono::milliseconds limit);
/// timeout_error: the exchange took longer than `limit` in all.
[[nodiscard]] Error total_error(std::string_view host, std::chrono::milliseconds limit);
[[nodiscard]] Error cancelled_error(std::string_view host);
/// connection_error, not retryable: its address is none that the request's PeerRule allows.
[[nodiscard]] Error refused_peer_error(std::string_view host);
/// connection_error, not retryable.
[[nodiscard]] Error head_too_large_error(std::string_view host);

}  // namespace llm::http
