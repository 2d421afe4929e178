#include "http/request_options.hpp"

#include <algorithm>
#include <new>

#include "base/text.hpp"

namespace llm::http {
namespace {

// Well under the idle limits of load balancers, which drop connections without a word.
constexpr long kMaxConnectionIdleSeconds = 60;
constexpr std::size_t kMaxBodyWithHead = 64 * 1024;  // libcurl sends no more than that at once
constexpr std::size_t kBigBodyBytes = 256 * 1024;
constexpr std::size_t kMaxSendBufferBytes = 2 * 1024 * 1024;  // CURLOPT_UPLOAD_BUFFERSIZE's maximum
// libcurl takes 0 for its own default of five minutes. This is longer than anybody waits.
constexpr long kNoConnectLimitMs = 1'000'000'000;

void append(HeaderList& list, const std::string& line) {
  curl_slist* longer = curl_slist_append(list.get(), line.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  static_cast<void>(list.release());
  list.reset(longer);
}

bool has_header(const HttpRequest& request, std::string_view name) {
  return std::ranges::any_of(request.headers, [&](const HttpHeader& header) {
    return base::equals_ignoring_case(header.name, name);
  });
}

void set_method(EasyOptions& options, const HttpRequest& request) {
  if (carries_body(request)) {
    const std::size_t size = request.body ? request.body->size() : 0;
    options.set(CURLOPT_POST, 1L);
    options.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(size));
    if (goes_with_head(request)) options.set(CURLOPT_POSTFIELDS, request.body->data());
    if (size > kBigBodyBytes) {
      options.set(CURLOPT_UPLOAD_BUFFERSIZE,
                  static_cast<long>(std::min(size, kMaxSendBufferBytes)));
    }
  } else if (request.method == "HEAD") {
    options.set(CURLOPT_NOBODY, 1L);
  } else {
    options.set(CURLOPT_HTTPGET, 1L);
  }
  options.set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
}

void set_tls(EasyOptions& options, const CurlOptions& transport) {
  options.set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  options.set(CURLOPT_SSL_VERIFYPEER, 1L);
  options.set(CURLOPT_SSL_VERIFYHOST, 2L);
  if (transport.ca_bundle.empty()) return;
  options.set(CURLOPT_CAINFO, transport.ca_bundle.c_str());
  options.set(CURLOPT_PROXY_CAINFO, transport.ca_bundle.c_str());
}

void set_proxy(EasyOptions& options, const HttpRequest& request, const Target& target) {
  options.set(CURLOPT_HEADEROPT, static_cast<long>(CURLHEADER_SEPARATE));
  options.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  // libcurl would send even 127.0.0.1 through a proxy of the environment. And a rule about the peer
  // means the host itself, which a proxy hides.
  if (request.proxy == ProxyUse::never || target.loopback || request.peer != PeerRule::any) {
    options.set(CURLOPT_PROXY, "");
  }
}

void set_connection(EasyOptions& options, const HttpLimits& limits) {
  const long connect_ms = limits.connect
                              ? static_cast<long>(std::clamp<std::chrono::milliseconds::rep>(
                                    limits.connect->count(), 1, kNoConnectLimitMs))
                              : kNoConnectLimitMs;
  options.set(CURLOPT_CONNECTTIMEOUT_MS, connect_ms);
  options.set(CURLOPT_MAXAGE_CONN, kMaxConnectionIdleSeconds);
  options.set(CURLOPT_TCP_NODELAY, 1L);
  options.set(CURLOPT_TCP_KEEPALIVE, 1L);
  options.set(CURLOPT_BUFFERSIZE, static_cast<long>(kReceiveBufferBytes));
  options.set(CURLOPT_NOSIGNAL, 1L);
  // Without it giving up during a name look-up waits until the look-up has ended (measured with one
  // of six seconds: cancelled after 5.7 s, with it after 0.2 ms; nothing leaks).
  options.set(CURLOPT_QUICK_EXIT, 1L);
}

}  // namespace

bool goes_with_head(const HttpRequest& request) {
  return request.body != nullptr && !request.body->empty() &&
         request.body->size() <= kMaxBodyWithHead;
}

bool carries_body(const HttpRequest& request) {
  return request.body != nullptr || request.method == "POST" || request.method == "PUT" ||
         request.method == "PATCH";
}

HeaderList header_list(const HttpRequest& request) {
  HeaderList list;
  for (const HttpHeader& header : request.headers) {
    append(list, header.value.empty() ? header.name + ';' : header.name + ": " + header.value);
  }
  // A name alone keeps libcurl from sending its own. Expect would cost a second with servers that
  // do not know it.
  for (const char* name : {"Expect", "Accept", "Content-Type"}) {
    if (!has_header(request, name)) append(list, std::string(name) + ':');
  }
  return list;
}

void set_request(EasyOptions& options, const HttpRequest& request, const Target& target,
                 const CurlOptions& transport, curl_slist* headers) {
  options.set(CURLOPT_URL, request.url.c_str());
  options.set(CURLOPT_PATH_AS_IS, 1L);
  options.set(CURLOPT_PROTOCOLS_STR, "http,https");
  options.set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
  options.set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  options.set(CURLOPT_FOLLOWLOCATION, 0L);
  options.set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  options.set(CURLOPT_HTTPHEADER, headers);
  if (!transport.user_agent.empty()) {
    options.set(CURLOPT_USERAGENT, transport.user_agent.c_str());
  }
  set_method(options, request);
  set_tls(options, transport);
  set_proxy(options, request, target);
  set_connection(options, request.limits);
}

}  // namespace llm::http
