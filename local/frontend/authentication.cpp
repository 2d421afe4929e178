#include "local/frontend/authentication.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "aws/protocol/sigv4.hpp"
#include "base/sha256.hpp"
#include "base/text.hpp"
#include "local/frontend/credential_scope.hpp"
#include "local/frontend/presigned.hpp"

namespace llm::local {
namespace {

constexpr std::string_view kBearer = "Bearer ";

// The prefixes of Bedrock API keys, long-term and short-term.
constexpr std::string_view kLongTermPrefix = "ABSK";
constexpr std::string_view kShortTermPrefix = "bedrock-api-key-";

/// Marks the part of the message that quotes the request: it is not for the journal.
std::unexpected<Refusal> quoting(std::string_view quoted, std::unexpected<Refusal> refused) {
  refused.error().quoted = quoted;
  return refused;
}

Checked<Principal> check_api_key(std::string_view key, const ServerOptions& options,
                                 base::TimePoint now) {
  const Secret given{std::string(key)};
  if (std::ranges::find(options.api_keys, given) != options.api_keys.end()) return Principal{};
  if (key.starts_with(kShortTermPrefix)) {
    std::optional<std::string> region =
        check_short_term_key(key.substr(kShortTermPrefix.size()), options, now);
    if (region) return Principal{.signed_region = std::move(region)};
  }
  const bool well_formed = key.starts_with(kLongTermPrefix) || key.starts_with(kShortTermPrefix);
  return std::unexpected(Refusal{
      .status = 403,
      .name = "AccessDeniedException",
      .message = well_formed ? "Authentication failed: Please make sure your API Key is valid."
                             : "Invalid API Key format: Must start with pre-defined prefix",
      .layer = Layer::api_key});
}

/// The parameters of a SigV4 Authorization header.
struct Authorization {
  std::string_view credential;
  std::string_view signed_headers;
  std::string_view signature;
};

Authorization parse_authorization(std::string_view value) {
  Authorization parsed;
  value.remove_prefix(kAlgorithm.size());
  for (std::string_view part : base::split(value, ',')) {
    part = base::trim(part);
    const std::size_t equals = part.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view name = part.substr(0, equals);
    const std::string_view text = part.substr(equals + 1);
    if (name == "Credential") parsed.credential = text;
    if (name == "SignedHeaders") parsed.signed_headers = text;
    if (name == "Signature") parsed.signature = text;
  }
  return parsed;
}

/// Refuses a header that lacks a parameter or a date. Names all that is missing.
Checked<void> check_complete(const Request& request, const Authorization& parsed,
                             std::string_view authorization) {
  std::string missing;
  const auto require = [&missing](std::string_view value, std::string_view name) {
    if (!value.empty()) return;
    missing += "Authorization header requires '" + std::string(name) + "' parameter. ";
  };
  require(parsed.credential, "Credential");
  require(parsed.signature, "Signature");
  require(parsed.signed_headers, "SignedHeaders");
  if (request.header("x-amz-date").empty() && request.header("date").empty()) {
    missing +=
        "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ";
  }
  if (missing.empty()) return {};
  return quoting(authorization,
                 incomplete_signature(missing + "Authorization=" + std::string(authorization)));
}

Checked<void> check_clock(std::string_view date, base::TimePoint signed_at, base::TimePoint now) {
  if (signed_at < now - kMaxSkew) {
    return bad_signature("Signature expired: " + std::string(date) + " is now earlier than " +
                         base::compact_iso8601(now - kMaxSkew) + " (" + base::compact_iso8601(now) +
                         " - 5 min.)");
  }
  if (signed_at > now + kMaxSkew) {
    return bad_signature("Signature not yet current: " + std::string(date) +
                         " is still later than " + base::compact_iso8601(now + kMaxSkew) + " (" +
                         base::compact_iso8601(now) + " + 5 min.)");
  }
  return {};
}

/// Refuses headers that must be signed when present, but are not: the signature would not cover
/// them.
Checked<void> check_signed_headers(const Request& request,
                                   const std::vector<std::string_view>& names) {
  const auto is_signed = [&names](std::string_view name) {
    return std::ranges::find(names, name) != names.end();
  };
  // Clients of HTTP/2 sign `:authority` instead (AWS SDK for JavaScript).
  const bool authority_is_signed = is_signed(":authority") && !request.header(":authority").empty();
  if (!is_signed("host") && !authority_is_signed) {
    return bad_signature(
        "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
  }
  for (const std::string_view name : {"x-amz-date", "x-amz-security-token"}) {
    if (!request.header(name).empty() && !is_signed(name)) {
      return bad_signature("'" + std::string(name) +
                           "' must be a 'SignedHeader' in the AWS Authorization.");
    }
  }
  return {};
}

/// The request as the signer saw it: with the signed headers only, as received.
aws::SigningInput signing_input(const Request& request,
                                const std::vector<std::string_view>& names) {
  const std::string_view target = request.target;
  const std::size_t mark = target.find('?');
  aws::SigningInput input{
      .method = request.method,
      .path = target.substr(0, mark),
      .query = mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1),
      .headers = {},
      .payload_sha256 = base::sha256(request.body)};
  for (const HttpHeader& header : request.headers) {
    if (std::ranges::find(names, base::to_lower(header.name)) != names.end()) {
      input.headers.push_back({header.name, header.value});
    }
  }
  return input;
}

Checked<void> check_signature(const Request& request, const Authorization& parsed,
                              const Credential& credential, const Secret& secret) {
  const std::vector<std::string_view> names = base::split(parsed.signed_headers, ';');
  if (auto checked = check_signed_headers(request, names); !checked) return checked;

  const aws::SigningScope scope{.date = std::string(credential.date),
                                .region = std::string(credential.region),
                                .service = std::string(credential.service)};
  const aws::Signature expected =
      aws::sign(signing_input(request, names), scope, credential.access_key_id, secret.reveal());
  if (Secret(std::string(expected.hex())) == Secret(std::string(parsed.signature))) return {};
  return quoting(
      expected.canonical_request,
      bad_signature(
          "The request signature we calculated does not match the signature you provided. Check "
          "your AWS Secret Access Key and signing method. Consult the service documentation for "
          "details.\n\nThe Canonical String for this request should have been\n'" +
          expected.canonical_request + "'\n\nThe String-to-Sign should have been\n'" +
          expected.string_to_sign + "'\n"));
}

Checked<Principal> check_sigv4(const Request& request, const ServerOptions& options,
                               base::TimePoint now, std::string_view service) {
  const std::string_view authorization = request.header("authorization");
  const Authorization parsed = parse_authorization(authorization);
  if (auto checked = check_complete(request, parsed, authorization); !checked) {
    return std::unexpected(checked.error());
  }
  const std::optional<Credential> credential = parse_credential(parsed.credential);
  if (!credential) {
    return quoting(
        parsed.credential,
        incomplete_signature("Credential must have exactly 5 slash-delimited elements, e.g. "
                             "keyid/date/region/service/term, got '" +
                             std::string(parsed.credential) + "'"));
  }
  const std::string_view date = request.header("x-amz-date");
  const std::optional<base::TimePoint> signed_at = base::parse_compact_iso8601(date);
  if (!signed_at) {
    return incomplete_signature("Date must be in ISO-8601 'basic format'. Got '" +
                                std::string(date) + "'. See http://en.wikipedia.org/wiki/ISO_8601");
  }

  const AcceptedCredentials* found =
      find_credentials(credential->access_key_id, request.header("x-amz-security-token"), options);
  if (found == nullptr) return unrecognized_client();
  auto checked = check_scope(*credential, options.region, service, date);
  if (checked) checked = check_clock(date, *signed_at, now);
  if (checked) checked = check_signature(request, parsed, *credential, found->secret_access_key);
  if (!checked) return std::unexpected(checked.error());
  return Principal{.signed_region = std::string(credential->region)};
}

std::string_view query_of(const Request& request) {
  const std::string_view target = request.target;
  const std::size_t mark = target.find('?');
  return mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1);
}

}  // namespace

std::string access_key_id_of(const Request& request) {
  const std::string_view authorization = request.header("authorization");
  if (!authorization.starts_with(kAlgorithm)) return presigned_access_key_id(query_of(request));
  const auto credential = parse_credential(parse_authorization(authorization).credential);
  return credential ? std::string(credential->access_key_id) : std::string();
}

Checked<Principal> authenticate(const Request& request, const ServerOptions& options,
                                base::TimePoint now, std::string_view service) {
  const std::string_view authorization = request.header("authorization");
  if (!options.verify_signatures) return Principal{};
  if (authorization.starts_with(kBearer)) {
    return check_api_key(base::trim(authorization.substr(kBearer.size())), options, now);
  }
  if (authorization.empty() && is_presigned(query_of(request))) {
    const Checked<std::string> region = check_presigned(request, options, now);
    if (!region) return std::unexpected(region.error());
    return Principal{.signed_region = *region};
  }
  if (!authorization.starts_with(kAlgorithm)) {
    return refuse_at_front_end("MissingAuthenticationTokenException",
                               "Missing Authentication Token");
  }
  return check_sigv4(request, options, now, service);
}

}  // namespace llm::local
