#include "aws/protocol/sigv4.hpp"

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>

#include <llm/secret.hpp>

#include "base/percent.hpp"
#include "base/text.hpp"

namespace llm::aws {
namespace {

constexpr std::string_view kScopeEnd = "aws4_request";

void append_line(std::string_view text, std::string& out) {
  out += text;
  out += '\n';
}

// Trimmed; each run of blanks becomes one.
void append_canonical_value(std::string_view value, std::string& out) {
  value = base::trim(value);
  if (!value.contains('\t') && !value.contains("  ")) {
    out += value;
    return;
  }
  for (const char character : value) {
    const bool is_blank = character == ' ' || character == '\t';
    if (!is_blank) out.push_back(character);
    if (is_blank && out.back() != ' ') out.push_back(' ');
  }
}

// Sorts headers by name, keeping the order of those with the same name.
void sort_by_name(std::span<HeaderView> headers) {
  const auto by_name = [](const HeaderView& left, const HeaderView& right) {
    return base::less_ignoring_case(left.name, right.name);
  };
  for (auto next = headers.begin(); next != headers.end(); ++next) {
    const auto place = std::ranges::upper_bound(headers.begin(), next, *next, by_name);
    std::rotate(place, next, std::next(next));
  }
}

// Appends the header lines and the list of names; several values of one name are joined. The value
// of `x-amz-date` is also the next line of the string to sign.
void append_headers(std::span<const HeaderView> headers, Signature& signature) {
  std::string& request = signature.canonical_request;
  for (auto header = headers.begin(); header != headers.end();) {
    const std::size_t name_start = request.size();
    const std::string_view name = header->name;
    base::append_lower(name, request);
    if (!signature.signed_headers.empty()) signature.signed_headers += ';';
    signature.signed_headers.append(request, name_start);
    request += ':';
    const std::size_t value_start = request.size();
    append_canonical_value(header->value, request);
    const auto is_same = [name](const HeaderView& other) {
      return base::equals_ignoring_case(other.name, name);
    };
    for (++header; header != headers.end() && is_same(*header); ++header) {
      request += ',';
      append_canonical_value(header->value, request);
    }
    if (base::equals_ignoring_case(name, kDateHeader)) {
      signature.string_to_sign.append(request, value_start);
    }
    request += '\n';
  }
}

// Reserves memory for everything that is appended; an estimate that is nearly always enough.
void reserve(const SigningInput& input, const SigningScope& scope, std::size_t id_bytes,
             Signature& signature) {
  // Two digests in hex, the algorithm, the end of the scope, separators.
  constexpr std::size_t kFixedBytes = 176;
  const std::size_t scope_bytes = scope.date.size() + scope.region.size() + scope.service.size();
  std::size_t name_bytes = 0;
  std::size_t value_bytes = 0;
  for (const HeaderView& header : input.headers) {
    name_bytes += header.name.size() + 2;
    value_bytes += header.value.size();
  }
  signature.canonical_request.reserve(kFixedBytes + 2 * (input.path.size() + input.query.size()) +
                                      2 * name_bytes + value_bytes);
  signature.string_to_sign.reserve(kFixedBytes + scope_bytes);
  signature.signed_headers.reserve(name_bytes);
  signature.authorization.reserve(kFixedBytes + id_bytes + scope_bytes + name_bytes);
}

// A name or value of a query in canonical encoding, however it was encoded when sent.
std::string canonical_component(std::string_view wire) {
  return base::percent_encode(base::percent_decode(wire).value_or(std::string(wire)));
}

}  // namespace

void SigningScope::append_to(std::string& out) const {
  out.append(date).append("/").append(region).append("/").append(service).append("/");
  out.append(kScopeEnd);
}

std::string_view Signature::hex() const& {
  constexpr std::size_t kHexDigits = 2 * base::Sha256Digest().size();
  return std::string_view(authorization).substr(authorization.size() - kHexDigits);
}

void append_canonical_uri(std::string_view wire_path, std::string& out) {
  const std::size_t start = out.size();
  for (std::string_view rest = wire_path; !rest.empty();) {
    const std::size_t end = std::min(rest.find('/'), rest.size());
    const std::string_view segment = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (segment.empty() || segment == ".") continue;
    if (segment == "..") {
      if (out.size() > start) out.resize(out.rfind('/'));
      continue;
    }
    out += '/';
    // The path is signed as sent, so "%3A" is encoded again to "%253A".
    base::append_percent_encoded(segment, out);
  }
  if (out.size() == start || wire_path.ends_with('/')) out += '/';
}

std::string canonical_query(std::string_view wire_query) {
  if (wire_query.empty()) return {};
  std::vector<std::pair<std::string, std::string>> parameters;
  for (const std::string_view parameter : base::split(wire_query, '&')) {
    if (parameter.empty()) continue;
    const std::size_t name_end = std::min(parameter.find('='), parameter.size());
    const std::string_view value =
        name_end == parameter.size() ? std::string_view() : parameter.substr(name_end + 1);
    parameters.emplace_back(canonical_component(parameter.substr(0, name_end)),
                            canonical_component(value));
  }
  std::ranges::sort(parameters);

  std::string result;
  for (const auto& [name, value] : parameters) {
    if (!result.empty()) result += '&';
    result += name + "=" + value;
  }
  return result;
}

base::HmacKey signing_key(std::string_view secret_access_key, const SigningScope& scope) {
  std::string seed;
  // Reserved once: growing would leave an unwiped copy of the secret.
  seed.reserve(4 + secret_access_key.size());
  seed.append("AWS4").append(secret_access_key);
  const Secret wiped_seed(std::move(seed));
  return base::HmacKey(wiped_seed.reveal())
      .derive(scope.date)
      .derive(scope.region)
      .derive(scope.service)
      .derive(kScopeEnd);
}

Signature sign(SigningInput input, const SigningScope& scope, std::string_view access_key_id,
               std::string_view secret_access_key) {
  base::Sha256 sha256;
  return sign(std::move(input), scope, access_key_id, signing_key(secret_access_key, scope),
              sha256);
}

Signature sign(SigningInput input, const SigningScope& scope, std::string_view access_key_id,
               const base::HmacKey& key, base::Sha256& sha256) {
  Signature signature;
  reserve(input, scope, access_key_id.size(), signature);
  append_line(kSigningAlgorithm, signature.string_to_sign);

  std::string& request = signature.canonical_request;
  append_line(input.method, request);
  append_canonical_uri(input.path, request);
  request += '\n';
  append_line(canonical_query(input.query), request);
  sort_by_name(input.headers);
  append_headers(input.headers, signature);
  request += '\n';
  append_line(signature.signed_headers, request);
  base::append_hex(input.payload_sha256, request);

  signature.string_to_sign += '\n';
  scope.append_to(signature.string_to_sign);
  signature.string_to_sign += '\n';
  base::append_hex(sha256.digest(request), signature.string_to_sign);

  signature.authorization.append(kSigningAlgorithm).append(" Credential=").append(access_key_id);
  signature.authorization += '/';
  scope.append_to(signature.authorization);
  signature.authorization.append(", SignedHeaders=").append(signature.signed_headers);
  signature.authorization.append(", Signature=");
  base::append_hex(sha256.hmac(key, signature.string_to_sign), signature.authorization);
  return signature;
}

}  // namespace llm::aws
