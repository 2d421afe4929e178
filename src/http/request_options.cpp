#include "http/request_options.hpp"

#include <algorithm>
#include <string_view>

namespace llm::http {
namespace {

// Well under the idle limits of load balancers, which drop connections silently.
constexpr long kMaxConnectionIdleSeconds = 60;
constexpr std::size_t kMaxBodyWithHead = 64 * 1024;  // most that libcurl sends at once
constexpr std::size_t kSendBufferBytes = 64 * 1024;  // libcurl's default
constexpr std::size_t kBigBodyBytes = 256 * 1024;
constexpr std::size_t kMaxSendBufferBytes = 2 * 1024 * 1024;  // CURLOPT_UPLOAD_BUFFERSIZE's maximum
// For libcurl 0 means its default of five minutes. This is longer than anyone waits.
constexpr long kNoConnectLimitMs = 1'000'000'000;

// The method to set explicitly, or null where it is the one libcurl would send anyway.
const char* custom_method(const HttpRequest& request) {
  const std::string_view usual = carries_body(request) ? "POST" : "GET";
  const bool known =
      request.method == usual || (!carries_body(request) && request.method == "HEAD");
  return known ? nullptr : request.method.c_str();
}

void set_method(EasyOptions& options, const HttpRequest& request) {
  const std::size_t size = request.body ? request.body->size() : 0;
  options.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(size));
  options.set(CURLOPT_POSTFIELDS, goes_with_head(request) ? request.body->data() : nullptr);
  options.set(CURLOPT_UPLOAD_BUFFERSIZE,
              static_cast<long>(size > kBigBodyBytes ? std::min(size, kMaxSendBufferBytes)
                                                     : kSendBufferBytes));
  // After CURLOPT_POSTFIELDS, which turns everything into a POST.
  if (carries_body(request)) {
    options.set(CURLOPT_POST, 1L);
  } else if (request.method == "HEAD") {
    options.set(CURLOPT_NOBODY, 1L);
  } else {
    options.set(CURLOPT_HTTPGET, 1L);
  }
  options.set(CURLOPT_CUSTOMREQUEST, custom_method(request));
}

void set_tls(EasyOptions& options, TransportCore& transport) {
  options.set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  options.set(CURLOPT_SSL_VERIFYPEER, 1L);
  options.set(CURLOPT_SSL_VERIFYHOST, 2L);
  if (TrustStore::is_usable()) {
    options.set(CURLOPT_SSL_CTX_FUNCTION, &TrustStore::install);
    options.set(CURLOPT_SSL_CTX_DATA, &transport.trust);
    for (const CURLoption source :
         {CURLOPT_CAINFO, CURLOPT_CAPATH, CURLOPT_PROXY_CAINFO, CURLOPT_PROXY_CAPATH}) {
      options.set(source, static_cast<const char*>(nullptr));
    }
  } else if (!transport.options.ca_bundle.empty()) {
    options.set(CURLOPT_CAINFO, transport.options.ca_bundle.c_str());
    options.set(CURLOPT_PROXY_CAINFO, transport.options.ca_bundle.c_str());
  }
}

void set_proxy(EasyOptions& options, const HttpRequest& request, const Target& target) {
  options.set(CURLOPT_HEADEROPT, static_cast<long>(CURLHEADER_SEPARATE));
  options.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  // libcurl would send even 127.0.0.1 through a proxy named in the environment. And a peer rule is
  // about the host itself, which a proxy hides.
  if (request.proxy == ProxyUse::never || target.loopback || request.peer != PeerRule::any) {
    options.set(CURLOPT_PROXY, "");
    options.set(CURLOPT_NOPROXY, "*");  // otherwise it would look for exceptions in the environment
  }
}

long connect_limit_ms(const HttpLimits& limits) {
  if (!limits.connect) return kNoConnectLimitMs;
  return static_cast<long>(
      std::clamp<std::chrono::milliseconds::rep>(limits.connect->count(), 1, kNoConnectLimitMs));
}

void set_connection(EasyOptions& options) {
  options.set(CURLOPT_MAXAGE_CONN, kMaxConnectionIdleSeconds);
  options.set(CURLOPT_TCP_NODELAY, 1L);
  options.set(CURLOPT_TCP_KEEPALIVE, 1L);
  options.set(CURLOPT_NOSIGNAL, 1L);
  // Without it, cancelling during a name lookup waits until the lookup ends (measured with one of
  // six seconds: 5.7 s without, 0.2 ms with it; nothing leaks).
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

void set_fixed(EasyOptions& options, const HttpRequest& request, const Target& target,
               TransportCore& transport) {
  options.set(CURLOPT_PATH_AS_IS, 1L);
  options.set(CURLOPT_PROTOCOLS_STR, "http,https");
  options.set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
  options.set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  options.set(CURLOPT_FOLLOWLOCATION, 0L);
  options.set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  if (!transport.options.user_agent.empty()) {
    options.set(CURLOPT_USERAGENT, transport.options.user_agent.c_str());
  }
  set_tls(options, transport);
  set_proxy(options, request, target);
  set_connection(options);
}

void set_request(EasyOptions& options, const HttpRequest& request, curl_slist* headers) {
  options.set(CURLOPT_URL, request.url.c_str());
  options.set(CURLOPT_HTTPHEADER, headers);
  options.set(CURLOPT_CONNECTTIMEOUT_MS, connect_limit_ms(request.limits));
  set_method(options, request);
}

void forget_request(EasyOptions& options) {
  options.set(CURLOPT_HTTPHEADER, static_cast<curl_slist*>(nullptr));
  options.set(CURLOPT_POSTFIELDS, static_cast<char*>(nullptr));
}

}  // namespace llm::http
