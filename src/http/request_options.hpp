#pragma once

#include <curl/curl.h>

#include <cstddef>

#include <llm/transport.hpp>

#include "http/target.hpp"
#include "http/transport_core.hpp"

namespace llm::http {

/// Most bytes that libcurl reads at once, and about as many as read_some() hands out.
inline constexpr std::size_t kReceiveBufferBytes = 32 * 1024;
/// Most bytes that read_some() ever hands out: nearly one full buffer plus another.
inline constexpr std::size_t kMaxReceivedBytes = 2 * kReceiveBufferBytes;

/// Sets options and remembers the first failure.
class EasyOptions {
 public:
  explicit EasyOptions(CURL* easy) : easy_(easy) {}

  /// Requires: `value` has the type libcurl's manual names: long, curl_off_t or a pointer.
  template <typename Value>
  void set(CURLoption option, Value value) {
    const CURLcode code = curl_easy_setopt(easy_, option, value);
    if (code_ == CURLE_OK) code_ = code;
  }

  /// The first failure, or CURLE_OK.
  [[nodiscard]] CURLcode code() const { return code_; }

 private:
  CURL* easy_;
  CURLcode code_ = CURLE_OK;
};

/// Sets what is the same for every request on a pair of handles: how to connect, and what never to
/// do. `request` and `target` belong to the first request; all others take the same route.
/// Requires: `transport` outlives the handles.
void set_fixed(EasyOptions& options, const HttpRequest& request, const Target& target,
               TransportCore& transport);

/// Sets what differs from request to request; each of these options is set every time.
/// Requires: `headers` and the body of `request` outlive the transfer.
void set_request(EasyOptions& options, const HttpRequest& request, curl_slist* headers);

/// Clears the pointers that set_request() gave libcurl.
void forget_request(EasyOptions& options);

/// True when libcurl gets the body up front and sends it with the head, in one packet where it
/// fits. Otherwise it asks for the body chunk by chunk.
[[nodiscard]] bool goes_with_head(const HttpRequest& request);

/// True when the request has a body, even an empty one.
[[nodiscard]] bool carries_body(const HttpRequest& request);

}  // namespace llm::http
