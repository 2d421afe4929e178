#include "aws/protocol/sign_request.hpp"

#include <algorithm>
#include <expected>
#include <iterator>
#include <utility>

#include "base/errors.hpp"
#include "base/text.hpp"
#include "base/time.hpp"

namespace llm::aws {
namespace {

constexpr std::string_view kTokenHeader = "x-amz-security-token";
constexpr std::string_view kAuthorizationHeader = "authorization";

}  // namespace

Result<UrlParts> split_url(std::string_view url) {
  const auto refuse = [](std::string_view problem) {
    return base::configuration_error("The URL of the request " + std::string(problem) + ".",
                                     "Check the endpoint.");
  };
  if (!base::is_visible_ascii(url))
    return refuse("contains blanks, control bytes or bytes beyond ASCII");
  if (url.contains('#')) return refuse("has a fragment");
  const bool is_https = url.starts_with("https://");
  if (!is_https && !url.starts_with("http://"))
    return refuse("begins with neither https:// nor http://");
  url.remove_prefix(is_https ? 8 : 7);

  UrlParts parts;
  const std::size_t query_start = std::min(url.find('?'), url.size());
  if (query_start < url.size()) parts.query = url.substr(query_start + 1);
  url = url.substr(0, query_start);
  const std::size_t path_start = std::min(url.find('/'), url.size());
  parts.path = url.substr(path_start);
  parts.host = url.substr(0, path_start);
  if (parts.host.contains('@')) return refuse("contains user info");
  const std::string_view default_port = is_https ? ":443" : ":80";
  if (parts.host.ends_with(default_port)) parts.host.remove_suffix(default_port.size());
  if (parts.host.empty()) return refuse("has no host");
  return parts;
}

namespace {

bool is_from_signing(const HttpHeader& header) {
  const auto is = [&header](std::string_view name) {
    return base::equals_ignoring_case(header.name, name);
  };
  return is(kDateHeader) || is(kTokenHeader) || is(kAuthorizationHeader);
}

// The headers that define the request: none that libcurl or a proxy may change, and not amz-sdk-*,
// which only feed AWS's statistics. The AWS SDK for Rust does not sign those either
// (aws-sdk-bedrockruntime 1.153).
bool is_signed(std::string_view name) {
  const auto begins_with = [name](std::string_view start) {
    return base::equals_ignoring_case(name.substr(0, start.size()), start);
  };
  return base::equals_ignoring_case(name, "host") ||
         base::equals_ignoring_case(name, "content-type") || begins_with("x-amz-") ||
         begins_with("x-amzn-bedrock-");
}

// The headers that signing adds, without the signature.
std::vector<HttpHeader> headers_to_add(const HttpRequest& request, const Credentials& credentials,
                                       std::string_view host, std::string timestamp) {
  std::vector<HttpHeader> added;
  added.reserve(4);  // With the signature.
  const auto is_host = [](const HttpHeader& header) {
    return base::equals_ignoring_case(header.name, "host");
  };
  if (std::ranges::none_of(request.headers, is_host)) added.push_back({"host", std::string(host)});
  added.push_back({std::string(kDateHeader), std::move(timestamp)});
  if (!credentials.session_token.empty()) {
    added.push_back({std::string(kTokenHeader), std::string(credentials.session_token.reveal())});
  }
  return added;
}

std::vector<HeaderView> signed_headers(const HttpRequest& request,
                                       const std::vector<HttpHeader>& added) {
  std::vector<HeaderView> result;
  result.reserve(request.headers.size() + added.size());
  for (const HttpHeader& header : request.headers) {
    if (is_signed(header.name) && !is_from_signing(header)) {
      result.push_back({header.name, header.value});
    }
  }
  for (const HttpHeader& header : added) result.push_back({header.name, header.value});
  return result;
}

Result<void> check_header(const HttpHeader& header) {
  if (!base::is_token(header.name)) {
    return base::configuration_error(
        "The name of a request header is empty or contains invalid characters.");
  }
  if (base::has_control_byte(header.value)) {
    return base::configuration_error("The value of the request header \"" + header.name +
                                         "\" contains a control character, such as a line break.",
                                     "Remove it.");
  }
  return {};
}

}  // namespace

SigningScope signing_scope(std::string_view timestamp, std::string_view region,
                           std::string_view service) {
  return {.date = std::string(timestamp.substr(0, 8)),
          .region = std::string(region),
          .service = std::string(service)};
}

Result<void> sign_request(HttpRequest& request, const Credentials& credentials,
                          std::string_view region, std::string_view service,
                          std::chrono::system_clock::time_point now) {
  const Result<UrlParts> url = split_url(request.url);
  if (!url) return std::unexpected(url.error());
  const std::string timestamp = base::compact_iso8601(now);
  const SigningScope scope = signing_scope(timestamp, region, service);
  return sign_request(request, *url, credentials, scope, timestamp,
                      signing_key(credentials.secret_access_key.reveal(), scope));
}

Result<void> sign_request(HttpRequest& request, const UrlParts& url, const Credentials& credentials,
                          const SigningScope& scope, std::string timestamp,
                          const base::HmacKey& key) {
  std::vector<HttpHeader> added =
      headers_to_add(request, credentials, url.host, std::move(timestamp));
  const std::string_view body = request.body ? std::string_view(*request.body) : "";
  base::Sha256 sha256;
  SigningInput input{.method = request.method,
                     .path = url.path,
                     .query = url.query,
                     .headers = signed_headers(request, added),
                     .payload_sha256 = sha256.digest(body)};
  Signature signature = sign(std::move(input), scope, credentials.access_key_id, key, sha256);
  added.push_back({std::string(kAuthorizationHeader), std::move(signature.authorization)});

  for (const HttpHeader& header : request.headers) {
    if (is_from_signing(header)) continue;
    if (auto checked = check_header(header); !checked) return checked;
  }
  if (auto checked = check_headers(added); !checked) return checked;
  std::erase_if(request.headers, is_from_signing);
  request.headers.insert(request.headers.end(), std::make_move_iterator(added.begin()),
                         std::make_move_iterator(added.end()));
  return {};
}

Result<void> check_headers(const std::vector<HttpHeader>& headers) {
  for (const HttpHeader& header : headers) {
    if (auto checked = check_header(header); !checked) return checked;
  }
  return {};
}

}  // namespace llm::aws
