#include "local/frontend/presigned.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>
#include <vector>

#include "aws/protocol/sigv4.hpp"
#include "base/base64.hpp"
#include "base/sha256.hpp"
#include "base/text.hpp"
#include "local/frontend/credential_scope.hpp"
#include "local/frontend/query.hpp"

namespace llm::local {
namespace {

constexpr std::string_view kCredential = "X-Amz-Credential";
constexpr std::string_view kSignature = "X-Amz-Signature";
constexpr std::size_t kMaxExpires = 604'800;    // A week: AWS General Reference.
constexpr std::size_t kMaxKeyExpires = 43'200;  // Bedrock User Guide, "API keys": 12 hours.

/// The parameters of a signature in a query, decoded.
struct QuerySignature {
  std::string algorithm{};
  std::string credential{};
  std::string date{};
  std::string signed_headers{};
  std::string signature{};
  std::string session_token{};
  std::size_t expires = 0;  ///< Seconds; 0: missing or invalid.
};

QuerySignature parse(std::string_view query) {
  return {.algorithm = query_value(query, "X-Amz-Algorithm"),
          .credential = query_value(query, kCredential),
          .date = query_value(query, "X-Amz-Date"),
          .signed_headers = query_value(query, "X-Amz-SignedHeaders"),
          .signature = query_value(query, kSignature),
          .session_token = query_value(query, "X-Amz-Security-Token"),
          .expires = parse_number(query_value(query, "X-Amz-Expires")).value_or(0)};
}

/// `query` without the parameter.
std::string without(std::string_view query, std::string_view name) {
  std::string rest;
  for (const std::string_view pair : base::split(query, '&')) {
    if (pair.substr(0, pair.find('=')) == name) continue;
    rest.append(rest.empty() ? "" : "&").append(pair);
  }
  return rest;
}

/// The values of a header as they are signed.
std::string canonical_header(const Request& request, std::string_view name) {
  std::string line(name);
  bool first = true;
  for (const HttpHeader& header : request.headers) {
    if (!base::equals_ignoring_case(header.name, name)) continue;
    line.append(std::exchange(first, false) ? ":" : ",").append(base::trim(header.value));
  }
  return line + (first ? ":\n" : "\n");
}

std::string canonical_request(const Request& request, const QuerySignature& parsed) {
  const std::string_view target = request.target;
  const std::size_t mark = target.find('?');
  std::string text = request.method + "\n";
  aws::append_canonical_uri(target.substr(0, mark), text);
  text += "\n" + aws::canonical_query(without(target.substr(mark + 1), kSignature)) + "\n";
  for (const std::string_view name : base::split(parsed.signed_headers, ';')) {
    text += canonical_header(request, name);
  }
  return text + "\n" + parsed.signed_headers + "\n" + base::hex(base::sha256(request.body));
}

std::string signature_of(const std::string& canonical, const QuerySignature& parsed,
                         const Credential& credential, const Secret& secret) {
  const aws::SigningScope scope{.date = std::string(credential.date),
                                .region = std::string(credential.region),
                                .service = std::string(credential.service)};
  std::string text = std::string(kAlgorithm) + "\n" + parsed.date + "\n";
  scope.append_to(text);
  text += "\n" + base::hex(base::sha256(canonical));
  return base::hex(base::Sha256().hmac(aws::signing_key(secret.reveal(), scope), text));
}

Checked<void> check_time(const QuerySignature& parsed, base::TimePoint now) {
  const std::optional<base::TimePoint> signed_at = base::parse_compact_iso8601(parsed.date);
  if (!signed_at) {
    return incomplete_signature("Date must be in ISO-8601 'basic format'. Got '" + parsed.date +
                                "'. See http://en.wikipedia.org/wiki/ISO_8601");
  }
  if (parsed.expires < 1 || parsed.expires > kMaxExpires) {
    return incomplete_signature("X-Amz-Expires must be from 1 to 604800 seconds.");
  }
  const std::chrono::seconds lifetime{static_cast<std::int64_t>(parsed.expires)};
  if (*signed_at + lifetime <= now) {
    return bad_signature("Signature expired: " + parsed.date + " is now earlier than " +
                         base::compact_iso8601(now - lifetime) + " (" + base::compact_iso8601(now) +
                         " - " + std::to_string(parsed.expires) + " sec.)");
  }
  if (*signed_at > now + kMaxSkew) {
    return bad_signature("Signature not yet current: " + parsed.date + " is still later than " +
                         base::compact_iso8601(now + kMaxSkew) + " (" + base::compact_iso8601(now) +
                         " + 5 min.)");
  }
  return {};
}

Checked<std::string> check_query_signature(const Request& request, const QuerySignature& parsed,
                                           const ServerOptions& options, base::TimePoint now) {
  const std::optional<Credential> credential = parse_credential(parsed.credential);
  if (parsed.algorithm != kAlgorithm || !credential || parsed.signature.empty() ||
      parsed.signed_headers.empty()) {
    return incomplete_signature(
        "AWS query-string parameters must include 'X-Amz-Algorithm', 'X-Amz-Credential', "
        "'X-Amz-Signature', 'X-Amz-SignedHeaders' and 'X-Amz-Date'. Re-examine the query-string "
        "parameters.");
  }
  const AcceptedCredentials* found =
      find_credentials(credential->access_key_id, parsed.session_token, options);
  if (found == nullptr) return unrecognized_client();
  auto checked = check_time(parsed, now);
  if (checked) checked = check_scope(*credential, options.region, kBedrock, parsed.date);
  if (!checked) return std::unexpected(checked.error());
  const std::vector<std::string_view> names = base::split(parsed.signed_headers, ';');
  if (std::ranges::count(names, "host") == 0 && std::ranges::count(names, ":authority") == 0) {
    return bad_signature(
        "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
  }
  const std::string expected = signature_of(canonical_request(request, parsed), parsed, *credential,
                                            found->secret_access_key);
  if (Secret(expected) == Secret(parsed.signature)) return std::string(credential->region);
  return bad_signature(
      "The request signature we calculated does not match the signature you provided. Check your "
      "AWS Secret Access Key and signing method. Consult the service documentation for details.");
}

}  // namespace

const AcceptedCredentials* find_credentials(std::string_view access_key_id,
                                            std::string_view session_token,
                                            const ServerOptions& options) {
  const Secret token{std::string(session_token)};
  const auto found =
      std::ranges::find_if(options.credentials, [&](const AcceptedCredentials& candidate) {
        return candidate.access_key_id == access_key_id && candidate.session_token == token;
      });
  return found == options.credentials.end() ? nullptr : &*found;
}

bool is_presigned(std::string_view query) {
  return std::ranges::any_of(base::split(query, '&'), [](std::string_view pair) {
    return pair.substr(0, pair.find('=')) == kCredential;
  });
}

std::string presigned_access_key_id(std::string_view query) {
  const std::string value = query_value(query, kCredential);
  const std::optional<Credential> credential = parse_credential(value);
  return credential ? std::string(credential->access_key_id) : std::string();
}

Checked<std::string> check_presigned(const Request& request, const ServerOptions& options,
                                     base::TimePoint now) {
  const std::string_view target = request.target;
  return check_query_signature(request, parse(target.substr(target.find('?') + 1)), options, now);
}

std::optional<std::string> check_short_term_key(std::string_view base64,
                                                const ServerOptions& options, base::TimePoint now) {
  std::string url;
  if (!base::append_base64_decoded(base64, url)) return std::nullopt;
  const std::size_t slash = url.find('/');
  const std::size_t mark = url.find('?');
  if (mark == std::string::npos || slash > mark) return std::nullopt;
  const std::string_view query = std::string_view(url).substr(mark + 1);
  const QuerySignature parsed = parse(query);
  if (query_value(query, "Action") != "CallWithBearerToken" || parsed.expires > kMaxKeyExpires) {
    return std::nullopt;
  }
  Request request{.method = "POST"};
  // The version is added after signing.
  request.target = url.substr(slash, mark - slash) + "?" + without(query, "Version");
  request.headers = {{"host", url.substr(0, slash)}};
  Checked<std::string> region = check_query_signature(request, parsed, options, now);
  return region ? std::optional(std::move(*region)) : std::nullopt;
}

}  // namespace llm::local
