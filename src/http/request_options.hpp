#pragma once

#include <curl/curl.h>

#include <cstddef>
#include <memory>

#include <llm/transport.hpp>

#include "http/curl_transport.hpp"
#include "http/target.hpp"

namespace llm::http {

/// Frees a list of libcurl's.
struct HeaderListDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, HeaderListDeleter>;

/// The most that libcurl reads at once; about as much is handed out in one go.
inline constexpr std::size_t kReceiveBufferBytes = 32 * 1024;

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

/// The headers of `request` and the words that keep libcurl from adding its own.
/// Throws: std::bad_alloc.
[[nodiscard]] HeaderList header_list(const HttpRequest& request);

/// Everything of a request but its callbacks: where, how, and what never. `headers` and the strings
/// of `request`, its body included, must outlive the transfer.
void set_request(EasyOptions& options, const HttpRequest& request, const Target& target,
                 const CurlOptions& transport, curl_slist* headers);

/// True when libcurl is given the body beforehand and sends it with the head, in one packet where
/// it fits; else it asks for the body piece by piece.
[[nodiscard]] bool goes_with_head(const HttpRequest& request);

/// True when something is sent after the head, if only a length of 0.
[[nodiscard]] bool carries_body(const HttpRequest& request);

}  // namespace llm::http
