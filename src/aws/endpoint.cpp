#include "aws/endpoint.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <expected>
#include <optional>

#include "base/errors.hpp"
#include "base/text.hpp"

namespace llm::aws {
namespace {

/// An AWS partition. `sign_in` is what follows the region in the host of the sign-in service.
/// Source: botocore 1.44.5, partitions.json and the endpoint rules of signin.
struct Partition {
  std::string_view name;
  std::string_view region_prefix;
  std::string_view suffix;
  std::string_view dual_stack_suffix;
  std::string_view sign_in;
};

constexpr std::array<Partition, 8> kPartitions = {{
    {"aws-cn", "cn-", "amazonaws.com.cn", "api.amazonwebservices.com.cn", "signin.amazonaws.cn"},
    {"aws-us-gov", "us-gov-", "amazonaws.com", "api.aws", "signin.amazonaws-us-gov.com"},
    {"aws-eusc", "eusc-", "amazonaws.eu", "api.amazonwebservices.eu", "signin.amazonaws-eusc.eu"},
    {"aws-iso", "us-iso-", "c2s.ic.gov", "api.aws.ic.gov", "signin.c2shome.ic.gov"},
    {"aws-iso-b", "us-isob-", "sc2s.sgov.gov", "api.aws.scloud", "signin.sc2shome.sgov.gov"},
    {"aws-iso-e", "eu-isoe-", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk",
     "signin.csphome.adc-e.uk"},
    {"aws-iso-f", "us-isof-", "csp.hci.ic.gov", "api.aws.hci.ic.gov", "signin.csphome.hci.ic.gov"},
    // All other regions, known or not.
    {"aws", "", "amazonaws.com", "api.aws", "signin.aws.amazon.com"},
}};

constexpr std::string_view kGovernment = "aws-us-gov";
constexpr std::size_t kMaxLabelBytes = 63;  // RFC 1035
constexpr std::size_t kMaxQuotedBytes = 80;

const Partition& partition_of(std::string_view region) {
  return *std::ranges::find_if(kPartitions, [region](const Partition& partition) {
    return region.starts_with(partition.region_prefix);
  });
}

bool is_lower_or_digit(char character) {
  return (character >= 'a' && character <= 'z') || (character >= '0' && character <= '9');
}

bool is_hex_digit(char character) {
  return base::is_digit(character) || (character >= 'a' && character <= 'f') ||
         (character >= 'A' && character <= 'F');
}

// For a message: printable ASCII, not too long.
std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char character : text.substr(0, kMaxQuotedBytes)) {
    result.push_back(character >= 0x20 && character <= 0x7e ? character : '?');
  }
  return result + (text.size() > kMaxQuotedBytes ? "...\"" : "\"");
}

// Services whose hosts in the government partition are FIPS hosts without `-fips` in the name.
// Source: botocore endpoint rule sets of sts, sso and sso-oidc.
bool is_fips_by_default(std::string_view service, const Partition& partition) {
  return partition.name == kGovernment &&
         (service == "sts" || service == "oidc" || service == "portal.sso");
}

std::string sign_in_endpoint(std::string_view region, const Partition& partition) {
  return "https://" + std::string(region) + "." + std::string(partition.sign_in);
}

// Source: botocore 1.44.5, endpoint rules of signin.
std::string government_sign_in_endpoint(std::string_view region) {
  constexpr std::string_view kHost = "signin-fips.amazonaws-us-gov.com";
  if (region == "us-gov-west-1") return "https://" + std::string(kHost);
  return "https://" + std::string(region) + "." + std::string(kHost);
}

/// What a pseudo region stands for: the region, and the FIPS variant if it names that. Empty: it is
/// not a pseudo region. Source: botocore endpoints.json.
struct PseudoRegion {
  std::string_view region{};
  bool fips = false;
  bool global = false;
};

PseudoRegion pseudo_region_of(std::string_view name) {
  PseudoRegion found;
  constexpr std::string_view kPrefix = "fips-";
  constexpr std::string_view kSuffix = "-fips";
  if (name.starts_with(kPrefix)) {
    name.remove_prefix(kPrefix.size());
    found.fips = true;
  } else if (name.ends_with(kSuffix)) {
    name.remove_suffix(kSuffix.size());
    found.fips = true;
  }
  found.global = name == "global" || (name.starts_with("aws") && name.ends_with("-global"));
  if (found.fips || found.global) found.region = name;
  return found;
}

std::unexpected<Error> pseudo_region_error(const PseudoRegion& pseudo, std::string_view region,
                                           const std::string& from) {
  std::string advice = pseudo.global ? "Use an AWS region such as us-east-1."
                                     : "Use " + std::string(pseudo.region) + ".";
  if (pseudo.fips) advice += " For FIPS endpoints, set AWS_USE_FIPS_ENDPOINT to true.";
  return base::configuration_error("The region " + quoted(region) + from +
                                       " is a pseudo region, which has no Bedrock of its own.",
                                   std::move(advice));
}

// No source has such a host.
std::unexpected<Error> no_fips_mantle() {
  return base::configuration_error(
      "AWS_USE_FIPS_ENDPOINT or use_fips_endpoint is set, but no FIPS host of bedrock-mantle is "
      "known.",
      "Set the endpoint (bedrock_mantle_endpoint), or call the model through Bedrock Runtime.");
}

/// The part of a URL between its scheme and its path.
struct Authority {
  std::string host;  // Lower case; IPv6 in brackets.
  std::string_view port;
};

bool is_dotted_loopback(std::string_view host) {
  const auto parts = base::split(host, '.');
  if (parts.size() != 4 || parts[0] != "127") return false;
  return std::ranges::all_of(parts, [](std::string_view part) {
    if (part.empty() || part.size() > 3 || !std::ranges::all_of(part, base::is_digit)) return false;
    // "010" is eight to some resolvers and ten to others.
    if (part.size() > 1 && part.front() == '0') return false;
    return part.size() < 3 || part <= "255";
  });
}

// Other numeric forms such as 127.1 or 0x7f.1 reach this machine too, but nobody writes them in
// good faith: they are not treated as loopback.
bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "[::1]" || is_dotted_loopback(host);
}

bool is_host_name(std::string_view host) {
  return std::ranges::all_of(base::split(host, '.'), [](std::string_view label) {
    const auto is_allowed = [](char character) {
      return is_lower_or_digit(character) || character == '-' || character == '_';
    };
    return !label.empty() && label.size() <= kMaxLabelBytes && label.front() != '-' &&
           label.back() != '-' && std::ranges::all_of(label, is_allowed);
  });
}

bool is_ipv6(std::string_view text) {
  const auto is_allowed = [](char character) {
    return is_hex_digit(character) || character == ':' || character == '.';
  };
  return std::ranges::count(text, ':') >= 2 && std::ranges::all_of(text, is_allowed);
}

// What is wrong with the path; empty if nothing.
std::string_view path_problem(std::string_view path) {
  constexpr std::string_view kOthers = "-._~!$&'()*+,;=:@/%";
  for (std::size_t i = 0; i < path.size(); ++i) {
    const char character = path[i];
    const bool is_letter = character >= 'A' && character <= 'Z';
    if (!is_lower_or_digit(character) && !is_letter && !kOthers.contains(character)) {
      return "its path contains a character that must be percent-encoded";
    }
    if (character != '%') continue;
    if (path.size() - i < 3 || !is_hex_digit(path[i + 1]) || !is_hex_digit(path[i + 2])) {
      return "a % in its path is not followed by two hex digits";
    }
  }
  const auto is_dots = [](std::string_view segment) { return segment == "." || segment == ".."; };
  if (std::ranges::any_of(base::split(path, '/'), is_dots)) return "its path has a dot segment";
  return {};
}

// Splits `authority` into host and port. Returns what is wrong with it; empty if nothing.
std::string_view split_authority(std::string_view authority, Authority& parts) {
  if (authority.contains('@')) return "it contains user info before \"@\"";
  std::size_t host_end = std::min(authority.find(':'), authority.size());
  if (authority.starts_with('[')) {
    const std::size_t bracket = authority.find(']');
    if (bracket == std::string_view::npos || !is_ipv6(authority.substr(1, bracket - 1))) {
      return "its IPv6 address is malformed";
    }
    host_end = bracket + 1;
  }
  parts.host = base::to_lower(authority.substr(0, host_end));
  if (parts.host.empty()) return "it has no host";
  if (!parts.host.starts_with('[') && !is_host_name(parts.host))
    return "its host is not a valid host name";

  const std::string_view rest = authority.substr(host_end);
  if (rest.empty()) return {};
  parts.port = rest.substr(1);
  unsigned number = 0;
  const char* const end = parts.port.data() + parts.port.size();
  const auto [read_to, error] = std::from_chars(parts.port.data(), end, number);
  const bool is_number = error == std::errc() && read_to == end && parts.port.front() != '0';
  if (rest.front() != ':' || !is_number || number > 65535)
    return "its port is not a number from 1 to 65535";
  return {};
}

// Parses `url` into `endpoint`. Returns what is wrong with it; empty if nothing.
std::string_view read_endpoint(std::string_view url, Endpoint& endpoint) {
  const std::size_t scheme_end = url.find("://");
  if (scheme_end == std::string_view::npos) return "it does not begin with https:// or http://";
  endpoint.scheme = base::to_lower(url.substr(0, scheme_end));
  if (endpoint.scheme != "https" && endpoint.scheme != "http") {
    return "its scheme is neither https nor http";
  }
  url.remove_prefix(scheme_end + 3);
  if (url.contains('#')) return "it has a fragment";
  if (url.contains('?')) return "it has a query";

  const std::size_t path_start = std::min(url.find('/'), url.size());
  Authority authority;
  const auto problem = split_authority(url.substr(0, path_start), authority);
  if (!problem.empty()) return problem;
  endpoint.loopback = is_loopback(authority.host);
  endpoint.host = std::move(authority.host);
  const std::string_view default_port = endpoint.scheme == "https" ? "443" : "80";
  if (!authority.port.empty() && authority.port != default_port) {
    endpoint.host.append(":").append(authority.port);
  }

  std::string_view path = url.substr(path_start);
  while (path.ends_with('/')) path.remove_suffix(1);
  endpoint.path = path;
  return path_problem(path);
}

}  // namespace

Result<void> check_region(std::string_view region, std::string_view source) {
  const auto is_allowed = [](char character) {
    return is_lower_or_digit(character) || character == '-';
  };
  const std::string from = source.empty() ? "" : " from " + std::string(source);
  if (!region.empty() && region.size() <= kMaxLabelBytes && region.front() != '-' &&
      region.back() != '-' && std::ranges::all_of(region, is_allowed)) {
    const PseudoRegion pseudo = pseudo_region_of(region);
    if (pseudo.region.empty()) return {};
    return pseudo_region_error(pseudo, region, from);
  }
  return base::configuration_error("The region " + quoted(region) + from + " is not valid.",
                                   "Use an AWS region such as us-east-1.");
}

Result<std::string> aws_endpoint(std::string_view service, std::string_view region,
                                 EndpointVariant variant) {
  if (auto checked = check_region(region, {}); !checked) {
    return std::unexpected(checked.error());
  }
  if (service == "bedrock-mantle") {
    if (variant.fips) return no_fips_mantle();
    variant.dual_stack = true;
  }
  const Partition& partition = partition_of(region);
  if (service == "signin" && !variant.fips && !variant.dual_stack) {
    return sign_in_endpoint(region, partition);
  }
  if (service == "signin" && variant.fips && !variant.dual_stack && partition.name == kGovernment) {
    return government_sign_in_endpoint(region);
  }

  const bool is_marked =
      variant.fips && (variant.dual_stack || !is_fips_by_default(service, partition));
  std::string url = "https://";
  url.append(service).append(is_marked ? "-fips." : ".").append(region).append(".");
  url.append(variant.dual_stack ? partition.dual_stack_suffix : partition.suffix);
  return url;
}

std::string Endpoint::url(std::string_view suffix) const {
  constexpr std::string_view kSeparator = "://";
  std::string url;
  url.reserve(scheme.size() + kSeparator.size() + host.size() + path.size() + suffix.size());
  url.append(scheme).append(kSeparator).append(host).append(path).append(suffix);
  return url;
}

Result<Endpoint> parse_endpoint(std::string_view url, std::string_view field) {
  Endpoint endpoint;
  const std::string_view problem = read_endpoint(url, endpoint);
  if (problem.empty()) return endpoint;
  // The URL is not quoted: its user info may contain a password.
  return base::configuration_error(
      std::string(field) + " is not a valid endpoint: " + std::string(problem) + ".",
      "Write it as https://host[:port][/path].");
}

}  // namespace llm::aws
