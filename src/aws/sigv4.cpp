#include "aws/sigv4.hpp"

#include <algorithm>
#include <expected>
#include <iterator>
#include <map>
#include <utility>

#include <llm/secret.hpp>

#include "base/percent.hpp"
#include "base/text.hpp"
#include "base/time.hpp"

namespace llm::aws {
namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view kScopeEnd = "aws4_request";
constexpr std::string_view kDateHeader = "x-amz-date";
constexpr std::string_view kTokenHeader = "x-amz-security-token";
constexpr std::string_view kAuthorizationHeader = "authorization";

std::string_view view(const base::Sha256Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

// Without blanks at the ends; runs of blanks inside become one.
std::string canonical_value(std::string_view value) {
  std::string result;
  for (const char character : base::trim(value)) {
    const bool is_blank = character == ' ' || character == '\t';
    if (!is_blank) result.push_back(character);
    if (is_blank && result.back() != ' ') result.push_back(' ');
  }
  return result;
}

// By lower-case name; several values of one name joined in the order in which they are sent.
std::map<std::string, std::string> canonical_headers(const std::vector<HttpHeader>& headers) {
  std::map<std::string, std::string> joined;
  for (const HttpHeader& header : headers) {
    const std::string value = canonical_value(header.value);
    const auto [place, is_first] = joined.try_emplace(base::to_lower(header.name), value);
    if (!is_first) place->second += "," + value;
  }
  return joined;
}

// A piece of a query as it is signed, however the wire has it encoded.
std::string canonical_piece(std::string_view wire) {
  return base::percent_encode(base::percent_decode(wire).value_or(std::string(wire)));
}

bool is_token_character(char character) {
  constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~";
  const bool is_letter =
      (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
  const bool is_digit = character >= '0' && character <= '9';
  return is_letter || is_digit || kOthers.contains(character);
}

bool is_control(char character) {
  return static_cast<unsigned char>(character) < 0x20 || character == 0x7f;
}

Error configuration_error(std::string message) {
  return make_error(ErrorCode::configuration_error, std::move(message));
}

struct WireUrl {
  std::string_view host;  // Without the port of the scheme.
  std::string_view path;
  std::string_view query;
};

Result<WireUrl> take_apart(std::string_view url) {
  const auto refuse = [](std::string_view why) {
    return std::unexpected(configuration_error("cannot sign a request: its URL " +
                                               std::string(why) + "; check the endpoint"));
  };
  const auto is_foreign = [](char character) {
    return is_control(character) || character == ' ' || static_cast<signed char>(character) < 0;
  };
  if (std::ranges::any_of(url, is_foreign)) return refuse("holds blanks or control bytes");
  if (url.contains('#')) return refuse("has a fragment");
  const bool is_https = url.starts_with("https://");
  if (!is_https && !url.starts_with("http://")) return refuse("is neither https nor http");
  url.remove_prefix(is_https ? 8 : 7);

  WireUrl parts;
  const std::size_t query_start = std::min(url.find('?'), url.size());
  if (query_start < url.size()) parts.query = url.substr(query_start + 1);
  url = url.substr(0, query_start);
  const std::size_t path_start = std::min(url.find('/'), url.size());
  parts.path = url.substr(path_start);
  parts.host = url.substr(0, path_start);
  if (parts.host.contains('@')) return refuse("has user info");
  const std::string_view default_port = is_https ? ":443" : ":80";
  if (parts.host.ends_with(default_port)) parts.host.remove_suffix(default_port.size());
  if (parts.host.empty()) return refuse("has no host");
  return parts;
}

bool is_header(const HttpHeader& header, std::string_view lower_name) {
  return base::equals_ignoring_case(header.name, lower_name);
}

bool is_from_signing(const HttpHeader& header) {
  return is_header(header, kDateHeader) || is_header(header, kTokenHeader) ||
         is_header(header, kAuthorizationHeader);
}

// What this client writes itself; never what the HTTP library or a proxy may add or change.
bool is_signed(const HttpHeader& header) {
  const std::string name = base::to_lower(header.name);
  return name == "host" || name == "content-type" || name.starts_with("x-amz-") ||
         name.starts_with("x-amzn-bedrock-") || name.starts_with("amz-sdk-");
}

}  // namespace

std::string SigningScope::text() const {
  return date + "/" + region + "/" + service + "/" + std::string(kScopeEnd);
}

std::string canonical_uri(std::string_view wire_path) {
  std::vector<std::string_view> segments;
  for (const std::string_view segment : base::split(wire_path, '/')) {
    if (segment.empty() || segment == ".") continue;
    if (segment != "..") {
      segments.push_back(segment);
    } else if (!segments.empty()) {
      segments.pop_back();
    }
  }
  std::string result;
  // The path is signed as sent, so "%3A" is encoded again to "%253A".
  for (const std::string_view segment : segments) result += "/" + base::percent_encode(segment);
  if (segments.empty() || wire_path.ends_with('/')) result += '/';
  return result;
}

std::string canonical_query(std::string_view wire_query) {
  std::vector<std::pair<std::string, std::string>> parameters;
  for (const std::string_view parameter : base::split(wire_query, '&')) {
    if (parameter.empty()) continue;
    const std::size_t name_end = std::min(parameter.find('='), parameter.size());
    const std::string_view value =
        name_end == parameter.size() ? std::string_view() : parameter.substr(name_end + 1);
    parameters.emplace_back(canonical_piece(parameter.substr(0, name_end)), canonical_piece(value));
  }
  std::ranges::sort(parameters);

  std::string result;
  for (const auto& [name, value] : parameters) {
    if (!result.empty()) result += '&';
    result += name + "=" + value;
  }
  return result;
}

base::Sha256Digest signing_key(std::string_view secret_access_key, const SigningScope& scope) {
  std::string seed;
  // At its length from the start: growing would leave a copy of the secret behind.
  seed.reserve(4 + secret_access_key.size());
  seed.append("AWS4").append(secret_access_key);
  const Secret wiped_seed(std::move(seed));

  base::Sha256Digest key = base::hmac_sha256(wiped_seed.reveal(), scope.date);
  key = base::hmac_sha256(view(key), scope.region);
  key = base::hmac_sha256(view(key), scope.service);
  return base::hmac_sha256(view(key), kScopeEnd);
}

Signature sign(const SigningInput& input, const SigningScope& scope, std::string_view access_key_id,
               std::string_view secret_access_key) {
  const std::map<std::string, std::string> headers = canonical_headers(input.headers);
  Signature signature;
  std::string header_lines;
  std::string_view date;
  for (const auto& [name, value] : headers) {
    header_lines.append(name).append(":").append(value).append("\n");
    if (!signature.signed_headers.empty()) signature.signed_headers += ';';
    signature.signed_headers += name;
    if (name == kDateHeader) date = value;
  }

  signature.canonical_request.append(input.method).append("\n");
  signature.canonical_request.append(canonical_uri(input.path)).append("\n");
  signature.canonical_request.append(canonical_query(input.query)).append("\n");
  signature.canonical_request.append(header_lines).append("\n");
  signature.canonical_request.append(signature.signed_headers).append("\n");
  signature.canonical_request.append(input.payload_sha256);

  signature.string_to_sign.append(kAlgorithm).append("\n");
  signature.string_to_sign.append(date).append("\n");
  signature.string_to_sign.append(scope.text()).append("\n");
  signature.string_to_sign.append(base::hex(base::sha256(signature.canonical_request)));

  const base::Sha256Digest key = signing_key(secret_access_key, scope);
  signature.hex = base::hex(base::hmac_sha256(view(key), signature.string_to_sign));
  signature.authorization.append(kAlgorithm).append(" Credential=").append(access_key_id);
  signature.authorization.append("/").append(scope.text());
  signature.authorization.append(", SignedHeaders=").append(signature.signed_headers);
  signature.authorization.append(", Signature=").append(signature.hex);
  return signature;
}

Result<void> sign_request(HttpRequest& request, const Credentials& credentials,
                          std::string_view region, std::string_view service,
                          std::chrono::system_clock::time_point now) {
  const Result<WireUrl> url = take_apart(request.url);
  if (!url) return std::unexpected(url.error());

  const std::string date = base::compact_iso8601(now);
  std::vector<HttpHeader> headers = request.headers;
  std::erase_if(headers, is_from_signing);
  const auto is_host = [](const HttpHeader& header) { return is_header(header, "host"); };
  if (std::ranges::none_of(headers, is_host)) headers.push_back({"host", std::string(url->host)});
  headers.push_back({std::string(kDateHeader), date});
  if (!credentials.session_token.empty()) {
    headers.push_back({std::string(kTokenHeader), std::string(credentials.session_token.reveal())});
  }

  const SigningScope scope{
      .date = date.substr(0, 8), .region = std::string(region), .service = std::string(service)};
  SigningInput input{.method = request.method, .path = url->path, .query = url->query};
  std::ranges::copy_if(headers, std::back_inserter(input.headers), is_signed);
  const std::string_view body = request.body ? std::string_view(*request.body) : "";
  input.payload_sha256 = base::hex(base::sha256(body));

  const Signature signature =
      sign(input, scope, credentials.access_key_id, credentials.secret_access_key.reveal());
  headers.push_back({std::string(kAuthorizationHeader), signature.authorization});
  if (const auto checked = check_headers(headers); !checked) return checked;
  request.headers = std::move(headers);
  return {};
}

Result<void> check_headers(const std::vector<HttpHeader>& headers) {
  for (const HttpHeader& header : headers) {
    if (header.name.empty() || !std::ranges::all_of(header.name, is_token_character)) {
      return std::unexpected(
          configuration_error("cannot send a request: the name of a header is empty or holds "
                              "characters that no header name may have"));
    }
    if (std::ranges::any_of(header.value, is_control)) {
      return std::unexpected(
          configuration_error("cannot send a request: the value of the header \"" + header.name +
                              "\" holds a control character such as a line break; remove it"));
    }
  }
  return {};
}

}  // namespace llm::aws
