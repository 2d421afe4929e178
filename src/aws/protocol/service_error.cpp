#include "aws/protocol/service_error.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include "base/byte_set.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "json/reader.hpp"

namespace llm::aws {
namespace {

constexpr std::size_t kMaxErrorTextBytes = 2000;
constexpr std::size_t kMaxUnreadBodyBytes = 200;
constexpr std::size_t kMaxNameBytes = 128;
constexpr std::size_t kComparedBytes = 16;
constexpr std::size_t kMaxHintDigits =
    15;  ///< Seconds with this many digits still fit as milliseconds.

/// In lower case, how a quotation of a request begins that the service could not verify.
/// Source: texts of InvalidSignatureException and IncompleteSignatureException.
constexpr std::array<std::string_view, 4> kQuotedRequest = {
    "the canonical string for this request",
    "the string-to-sign",
    "x-amz-security-token",
    "authorization=",
};
/// "'<the token>' not a valid key=value pair (missing equal-sign) in Authorization header: ..."
constexpr std::string_view kQuotedAuthorization = "key=value pair";

/// The last two are bedrock-mantle's (OpenAI and Anthropic API references).
constexpr std::array<std::string_view, 5> kRequestIdHeaders = {
    "x-amzn-requestid", "x-amzn-request-id", "x-amz-request-id", "x-request-id", "request-id"};

// A printable name or id; empty when `text` is not one.
std::string identifier(std::string_view text) {
  static constexpr base::ByteSet kAllowed(
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.+/=");
  const auto is_allowed = [](char byte) { return kAllowed.contains(byte); };
  if (text.size() > kMaxNameBytes || !std::ranges::all_of(text, is_allowed)) return {};
  return std::string(text);
}

// At most `max_bytes`, not cutting a character in two.
std::string_view first_bytes(std::string_view text, std::size_t max_bytes) {
  if (text.size() <= max_bytes) return text;
  while (max_bytes > 0 && (static_cast<unsigned char>(text[max_bytes]) & 0xc0) == 0x80) --max_bytes;
  return text.substr(0, max_bytes);
}

std::string_view without_quoted_request(std::string_view message) {
  const std::string lower = base::to_lower(message);
  std::size_t end = message.size();
  for (const std::string_view marker : kQuotedRequest) end = std::min(end, lower.find(marker));
  if (lower.contains(kQuotedAuthorization)) end = std::min(end, lower.find('\''));
  return message.substr(0, end);
}

// Replaces control characters by blanks, including the two-byte ones U+0080 to U+009F.
std::string without_controls(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const auto next = static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : 0);
    const bool is_two_byte_control = byte == 0xc2 && next >= 0x80 && next <= 0x9f;
    if (is_two_byte_control) ++i;
    result.push_back(byte < 0x20 || byte == 0x7f || is_two_byte_control ? ' ' : text[i]);
  }
  return result;
}

std::optional<std::int64_t> parse_count(std::string_view text) {
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [read_to, error] = std::from_chars(text.data(), end, number);
  const bool is_number = error == std::errc() && read_to == end && number >= 0;
  if (!is_number || text.size() > kMaxHintDigits) return std::nullopt;
  return number;
}

std::optional<std::chrono::milliseconds> retry_hint(const HttpResponseHead& head,
                                                    base::TimePoint now) {
  using std::chrono::milliseconds;
  if (const auto count = parse_count(base::trim(head.header("x-amz-retry-after")))) {
    return milliseconds(*count);
  }
  const std::string_view text = base::trim(head.header("retry-after"));
  if (const auto count = parse_count(text)) return std::chrono::seconds(*count);
  const auto date = base::parse_http_date(text);
  if (!date || *date < now) return std::nullopt;
  return std::chrono::ceil<milliseconds>(*date - now);
}

// What the head contains; the body is read afterwards.
ServiceError read_head(const HttpResponseHead& head, base::TimePoint now) {
  ServiceError error{.status = head.status};
  error.code = identifier(error_name(head.header("x-amzn-errortype")));
  error.request_id = request_id(head);
  error.retry_after = retry_hint(head, now);
  return error;
}

void read_document(json::Value document, ServiceError& error) {
  // `{"error":{"code","message","type"}}` of OpenAI, `{"type":"error","error":{"type","message"}}`
  // of Anthropic, both from bedrock-mantle.
  const bool is_mantle = document["error"].is_object();
  if (is_mantle) document = document["error"];
  for (const std::string_view member : {"code", is_mantle ? "type" : "__type"}) {
    if (!error.code.empty()) break;
    error.code = identifier(error_name(document[member].string().value_or("")));
  }
  const auto lower = document["message"].string();
  error.message = safe_message(lower ? *lower : document["Message"].string().value_or(""));
  const auto original_status = document["originalStatusCode"].integer().value_or(0);
  const bool is_status = original_status >= 100 && original_status <= 599;
  if (is_status) error.original_status = static_cast<int>(original_status);
  error.original_message = safe_message(document["originalMessage"].string().value_or(""));
  error.resource_name = safe_message(document["resourceName"].string().value_or(""));
}

// The part of a successful response that is an error document; absent when there is none.
json::Value error_document(json::Value root) {
  if (root["Output"]["__type"].is_string()) return root["Output"];
  if (root["__type"].is_string()) return root;
  if (root["error"].is_object()) return root;
  const bool has_message = root["message"].is_string() || root["Message"].is_string();
  return has_message && root.size() == 1 ? root : json::Value();
}

}  // namespace

ServiceError read_json_error(const HttpResponseHead& head, std::string_view body,
                             base::TimePoint now) {
  ServiceError error = read_head(head, now);
  json::Parser parser;
  if (const auto root = parser.parse(body)) {
    read_document(*root, error);
  } else {
    error.message = safe_message(first_bytes(body, kMaxUnreadBodyBytes));
  }
  return error;
}

std::optional<ServiceError> read_error_in_success(const HttpResponseHead& head,
                                                  std::string_view body, base::TimePoint now) {
  json::Parser parser;
  const auto root = parser.parse(body);
  if (!root) return std::nullopt;
  const json::Value document = error_document(*root);
  if (!document.exists()) return std::nullopt;
  ServiceError error = read_head(head, now);
  read_document(document, error);
  return error;
}

ServiceError read_stream_error(std::string_view name, std::string_view payload,
                               std::string_view request_id) {
  ServiceError error{.code = identifier(error_name(name)), .request_id = identifier(request_id)};
  if (!error.code.empty() && error.code.front() >= 'a' && error.code.front() <= 'z') {
    error.code.front() = static_cast<char>(error.code.front() - 'a' + 'A');
  }
  json::Parser parser;
  if (const auto root = parser.parse(payload)) {
    read_document(*root, error);
  } else {
    error.message = safe_message(payload);
  }
  return error;
}

std::string_view error_name(std::string_view wire) {
  wire = wire.substr(0, wire.find(','));
  wire = wire.substr(0, wire.find(':'));
  const std::size_t mark = wire.rfind('#');
  if (mark != std::string_view::npos) wire.remove_prefix(mark + 1);
  return base::trim(wire);
}

std::string safe_message(std::string_view message) {
  const std::string text = without_controls(without_quoted_request(message));
  std::string result(base::trim(first_bytes(base::trim(text), kMaxErrorTextBytes)));
  if (base::is_valid_utf8(result)) return result;
  std::ranges::replace_if(
      result, [](char character) { return (static_cast<unsigned char>(character) & 0x80) != 0; },
      '?');
  return result;
}

bool repeats_secret(std::string_view text, std::string_view secret) {
  return text.contains(secret.substr(0, kComparedBytes));
}

std::string request_id(const HttpResponseHead& head) {
  for (const std::string_view name : kRequestIdHeaders) {
    if (std::string id = identifier(base::trim(head.header(name))); !id.empty()) return id;
  }
  return {};
}

}  // namespace llm::aws
