#pragma once

#include <curl/curl.h>

#include <cstddef>

#include <llm/transport.hpp>

#include "http/target.hpp"
#include "http/transport_core.hpp"

namespace llm::http {

/// The most that libcurl reads at once; about as much is handed out in one go.
inline constexpr std::size_t kReceiveBufferBytes = 32 * 1024;
/// The most that is ever handed out in one go: nearly a buffer, and another behind it.
inline constexpr std::size_t kMaxReceivedBytes = 2 * kReceiveBufferBytes;

/// Collects the outcome of many options.
class EasyOptions {
 public:
  explicit EasyOptions(CURL* easy) : easy_(easy) {}

  /// `value` must be what libcurl's manual names for `option`: long, curl_off_t or a pointer.
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

/// What is the same for every request of a pair of handles: how to connect, and what never to do.
/// `request` and `target` are those of the first; all that the pair serves go the same way.
/// `transport` must outlive the handles.
void set_fixed(EasyOptions& options, const HttpRequest& request, const Target& target,
               TransportCore& transport);

/// What differs from request to request; each of these options is set every time. `headers` and
/// the body of `request` must outlive the transfer.
void set_request(EasyOptions& options, const HttpRequest& request, curl_slist* headers);

/// Takes back the pointers that set_request() has given libcurl.
void forget_request(EasyOptions& options);

/// True when libcurl is given the body beforehand and sends it with the head, in one packet where
/// it fits; else it asks for the body piece by piece.
[[nodiscard]] bool goes_with_head(const HttpRequest& request);

/// True when something is sent after the head, if only a length of 0.
[[nodiscard]] bool carries_body(const HttpRequest& request);

}  // namespace llm::http
