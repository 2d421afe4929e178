#include "http/target.hpp"

#include <curl/curl.h>

#include <memory>

#include "base/errors.hpp"
#include "base/text.hpp"
#include "http/peer_rule.hpp"

namespace llm::http {
namespace {

struct UrlDeleter {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using Url = std::unique_ptr<CURLU, UrlDeleter>;

/// One part of a URL, or empty.
std::string part_of(const Url& url, CURLUPart part, unsigned int flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url.get(), part, &text, flags) != CURLUE_OK) return {};
  std::string result(text);
  curl_free(text);
  return result;
}

bool is_loopback(std::string host) {
  if (base::equals_ignoring_case(host, "localhost")) return true;
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  const auto address = parse_ip_address(host);
  return address && allows(PeerRule::loopback, *address);
}

Result<void> check_header(const HttpHeader& header, std::size_t body_bytes) {
  if (!base::is_token(header.name)) {
    return base::configuration_error("The name of a request header is not valid in HTTP.");
  }
  if (base::has_control_byte(header.value)) {
    return base::configuration_error(
        "The value of the request header \"" + header.name + "\" contains a control character.",
        "Remove it.");
  }
  if (base::equals_ignoring_case(header.name, "transfer-encoding") ||
      (base::equals_ignoring_case(header.name, "content-length") &&
       header.value != std::to_string(body_bytes))) {
    return base::configuration_error(
        "The request header \"" + header.name + "\" does not match the body.",
        "Leave it to the transport.");
  }
  return {};
}

}  // namespace

Result<void> check_url_bytes(std::string_view url) {
  if (base::is_visible_ascii(url) && !url.contains('#')) return {};
  return base::configuration_error(
      "A URL contains a blank, a fragment or a byte that is not percent-encoded.");
}

Result<Target> parse_target(const std::string& url) {
  if (auto checked = check_url_bytes(url); !checked) return std::unexpected(checked.error());
  const Url parsed(curl_url());
  const CURLUcode code = curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(),
                                      CURLU_PATH_AS_IS | CURLU_NON_SUPPORT_SCHEME);
  if (code != CURLUE_OK) {
    return base::configuration_error(
        std::string("A URL is not valid: ") + curl_url_strerror(code) + ".",
        "Write it as https://host/path.");
  }
  const std::string scheme = part_of(parsed, CURLUPART_SCHEME);
  if (scheme != "https" && scheme != "http") {
    return base::configuration_error("A URL has the scheme \"" + scheme + "\".",
                                     "Use https or http.");
  }
  std::string host = part_of(parsed, CURLUPART_HOST);
  if (!part_of(parsed, CURLUPART_USER).empty() || !part_of(parsed, CURLUPART_PASSWORD).empty()) {
    return base::configuration_error("The URL for " + host + " contains a user name or password.",
                                     "Remove it.");
  }
  const std::string explicit_port = part_of(parsed, CURLUPART_PORT, CURLU_NO_DEFAULT_PORT);
  Target target;
  target.origin = scheme + "://" + host + ':' + part_of(parsed, CURLUPART_PORT, CURLU_DEFAULT_PORT);
  target.loopback = is_loopback(host);
  target.host = explicit_port.empty() ? std::move(host) : host + ':' + explicit_port;
  return target;
}

Result<void> check_head(const HttpRequest& request) {
  if (!base::is_token(request.method))
    return base::configuration_error("The request method is not valid in HTTP.");
  const std::size_t body_bytes = request.body ? request.body->size() : 0;
  for (const HttpHeader& header : request.headers) {
    if (auto checked = check_header(header, body_bytes); !checked) return checked;
  }
  return {};
}

}  // namespace llm::http
