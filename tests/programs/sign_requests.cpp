// Makes pseudo-random requests, the same ones on every run. `sign_requests requests` prints them
// as JSON, one per line; `sign_requests signatures` prints the Authorization header that this
// library makes for each. conformance/run compares those with AWS's own signer. All credentials are
// made up.
#include <array>
#include <chrono>
#include <cstdint>
#include <iostream>
#include <map>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "aws/protocol/sign_request.hpp"
#include "base/percent.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "json/writer.hpp"

namespace {

using llm::HttpHeader;
using Texts = std::span<const std::string_view>;

constexpr int kRequests = 200;
constexpr std::uint32_t kSeed = 20260102;

constexpr auto kSegments = std::to_array<std::string_view>(
    {"model", "anthropic.claude-3-haiku-20240307-v1%3A0", "us.amazon.nova-lite-v1%3a0", "converse",
     "arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Ainference-profile%2Fus.meta.llama-v1%3A0",
     "arn:aws:bedrock:us-east-1::foundation-model", "invoke-with-response-stream", "a%20b",
     "%C3%A9", "~x_y.z-", "!$&'()*+,;=@", "%25", "%252F", "%2e", "", ".", ".."});
constexpr auto kNames = std::to_array<std::string_view>(
    {"a", "A", "a-b", "a=b", "maxResults", "na\u00efve", "two words", "X-Amz-Odd", "~"});
constexpr auto kValues =
    std::to_array<std::string_view>({"", "1", "10", "a b", "a  b", "+", "50%", "a/b:c", "x&y=z",
                                     "!'()*", "\u65e5\u672c", "A", "a\n"});
constexpr auto kHeaderNames = std::to_array<std::string_view>(
    {"Content-Type", "x-amz-target", "X-Amz-Odd", "x-amz-empty", "amz-sdk-request", "user-agent",
     "amz-sdk-invocation-id", "X-Amzn-Bedrock-Trace", "X-Amzn-Bedrock-Request-Metadata"});
constexpr auto kHeaderValues = std::to_array<std::string_view>(
    {"application/json", "application/json;  charset=utf-8", "", "  padded  ", "a   b    c", "   ",
     R"({"team":"a  b","note":"c,d"})", "attempt=1; max=3", "caf\u00e9", "\"quoted   text\""});
constexpr auto kRegions =
    std::to_array<std::string_view>({"us-east-1", "eu-central-1", "us-gov-west-1", "cn-north-1"});
constexpr auto kServices = std::to_array<std::string_view>({"bedrock", "sts"});
constexpr auto kMethods = std::to_array<std::string_view>({"POST", "GET", "PUT", "DELETE"});
constexpr auto kPorts = std::to_array<std::string_view>({"", "", "443", "80", "8443"});
constexpr auto kBodies = std::to_array<std::string_view>(
    {"", "{}", R"({"messages":[{"role":"user","content":"\u00fcber"}]})", "two\nlines \u65e5",
     " "});
constexpr std::string_view kKeyCharacters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";

/// Numbers that are the same on every machine, unlike those of std's distributions.
class Random {
 public:
  std::size_t below(std::size_t limit) { return engine_() % limit; }
  bool one_in(std::size_t count) { return below(count) == 0; }
  std::string_view pick(Texts texts) { return texts[below(texts.size())]; }
  std::string key(std::size_t size) {
    std::string text(size, ' ');
    for (char& c : text) c = kKeyCharacters[below(kKeyCharacters.size())];
    return text;
  }

 private:
  std::mt19937 engine_{kSeed};
};

/// One request to sign, in the form that each of the two signers takes.
struct Sample {
  llm::HttpRequest request;
  std::string protocol;
  std::string host;  ///< What the Host header must be.
  std::string path;
  std::map<std::string, std::vector<std::string>> query;
  llm::aws::Credentials credentials;
  std::string region;
  std::string service;
  llm::base::TimePoint now;
};

std::string path_of(Random& random) {
  std::string path;
  for (std::size_t left = random.below(6); left > 0; --left) {
    path.append("/").append(random.pick(kSegments));
  }
  if (path.empty() || random.one_in(5)) path += '/';
  return path;
}

/// What a query may look like on the wire: encoded in full, or with lower-case digits.
std::string encoded(std::string_view text, Random& random) {
  std::string result = llm::base::percent_encode(text);
  if (!random.one_in(4)) return result;
  for (std::size_t at = result.find('%'); at < result.size(); at = result.find('%', at + 1)) {
    for (const std::size_t digit : {at + 1, at + 2}) {
      result.replace(digit, 1, llm::base::to_lower(result.substr(digit, 1)));
    }
  }
  return result;
}

std::string query_of(Random& random, Sample& sample) {
  std::string wire;
  for (std::size_t left = random.below(6); left > 0; --left) {
    const std::string name(random.pick(kNames));
    const std::string value(random.pick(kValues));
    wire.append(wire.empty() ? "" : "&").append(encoded(name, random));
    // A name without "=" has an empty value.
    if (!value.empty() || random.one_in(2)) wire.append("=").append(encoded(value, random));
    sample.query[name].push_back(value);
  }
  return wire;
}

void choose_headers(Random& random, Sample& sample) {
  if (random.one_in(2)) sample.request.headers.push_back({"host", sample.host});
  for (const std::string_view name : kHeaderNames) {
    if (random.one_in(2)) continue;
    sample.request.headers.push_back({std::string(name), std::string(random.pick(kHeaderValues))});
  }
}

llm::aws::Credentials credentials_of(Random& random) {
  llm::aws::Credentials credentials{
      .access_key_id = "AKID" + std::to_string(random.below(1'000'000)),
      .secret_access_key = llm::Secret(random.key(40))};
  if (random.one_in(2)) credentials.session_token = llm::Secret(random.key(20 + random.below(400)));
  return credentials;
}

Sample make_sample(Random& random) {
  Sample sample;
  sample.protocol = random.one_in(4) ? "http:" : "https:";
  sample.region = random.pick(kRegions);
  sample.service = random.pick(kServices);
  const std::string name = sample.service + '.' + sample.region + ".example";
  const std::string_view port = random.pick(kPorts);
  const std::string_view own_port = sample.protocol == "https:" ? "443" : "80";
  const std::string with_port = port.empty() ? name : name + ':' + std::string(port);
  sample.host = port == own_port ? name : with_port;
  sample.path = path_of(random);
  const std::string query = query_of(random, sample);

  sample.request.method = random.pick(kMethods);
  sample.request.url = sample.protocol + "//" + with_port + sample.path;
  if (!query.empty()) sample.request.url += '?' + query;
  choose_headers(random, sample);
  const std::string_view body = random.pick(kBodies);
  if (!body.empty()) sample.request.body = std::make_shared<const std::string>(body);
  sample.credentials = credentials_of(random);
  // From 2020 on, some thirty years.
  sample.now =
      llm::base::TimePoint(std::chrono::seconds(1'577'836'800 + random.below(946'684'800)));
  return sample;
}

void write_query(const Sample& sample, llm::json::Writer& out) {
  out.key("query").begin_object();
  for (const auto& [name, values] : sample.query) {
    out.key(name).begin_array();
    for (const std::string& value : values) out.string(value);
    out.end_array();
  }
  out.end_object();
}

void write_credentials(const llm::aws::Credentials& credentials, llm::json::Writer& out) {
  out.key("credentials").begin_object();
  out.member("accessKeyId", credentials.access_key_id);
  out.member("secretAccessKey", credentials.secret_access_key.reveal());
  if (!credentials.session_token.empty())
    out.member("sessionToken", credentials.session_token.reveal());
  out.end_object();
}

std::string as_json(const Sample& sample) {
  llm::json::Writer out;
  out.begin_object();
  out.member("method", sample.request.method).member("protocol", sample.protocol);
  out.member("hostname", sample.host).member("path", sample.path);
  write_query(sample, out);
  out.key("headers").begin_object().member("host", sample.host);
  for (const HttpHeader& header : sample.request.headers) {
    if (header.name != "host") out.member(header.name, header.value);
  }
  out.end_object();
  if (sample.request.body) out.member("body", *sample.request.body);
  write_credentials(sample.credentials, out);
  out.member("region", sample.region).member("service", sample.service);
  out.member("date", llm::base::iso8601(sample.now)).end_object();
  return std::move(out).take();
}

/// The Authorization header, or nullopt when signing fails.
std::optional<std::string> authorization(Sample sample) {
  const auto done = llm::aws::sign_request(sample.request, sample.credentials, sample.region,
                                           sample.service, sample.now);
  if (!done) return std::nullopt;
  return sample.request.headers.back().value;
}

}  // namespace

int main(int count, char** values) {
  const std::string_view word = count == 2 ? values[1] : "";
  if (word != "requests" && word != "signatures") {
    std::cerr << "usage: sign_requests requests|signatures\n";
    return 2;
  }
  Random random;
  for (int i = 0; i < kRequests; ++i) {
    const Sample sample = make_sample(random);
    const auto line = word == "requests" ? as_json(sample) : authorization(sample);
    std::cout << line.value_or("not signed") << '\n';
  }
  return std::cout.flush() ? 0 : 1;
}
