// The headers of an InvokeModel request.
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/errors.hpp"
#include "bedrock/codec/invoke/request.hpp"
#include "json/writer.hpp"

namespace llm::bedrock {
namespace {

// botocore, shape `RequestMetadata` of InvokeModel.
constexpr std::size_t kMaxMetadataCharacters = 8500;

void append_escape(std::uint32_t unit, std::string& out) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) out += kDigits[(unit >> shift) & 15U];
}

// Removes the first UTF-8 sequence of several bytes and returns its code point. Requires: valid
// UTF-8.
std::uint32_t take_code_point(std::string_view& text) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  const std::size_t size = byte(0) < 0xE0 ? 2 : byte(0) < 0xF0 ? 3 : 4;
  std::uint32_t point = byte(0) & (0x7FU >> size);
  for (std::size_t at = 1; at < size; ++at) point = point << 6 | (byte(at) & 0x3FU);
  text.remove_prefix(size);
  return point;
}

// A header holds ASCII only, so other characters of its JSON are written as \uXXXX.
std::string to_ascii(std::string_view json) {
  std::string out;
  while (!json.empty()) {
    if (static_cast<unsigned char>(json.front()) < 0x80) {
      out += json.front();
      json.remove_prefix(1);
      continue;
    }
    const std::uint32_t point = take_code_point(json);
    if (point < 0x10000) {
      append_escape(point, out);
      continue;
    }
    append_escape(0xD800 + ((point - 0x10000) >> 10), out);
    append_escape(0xDC00 + ((point - 0x10000) & 0x3FFU), out);
  }
  return out;
}

Result<std::string> metadata_text(const ChatRequest& request) {
  json::Writer writer;
  writer.begin_object();
  for (const auto& [key, value] : request.metadata) {
    writer.member(key, value);
  }
  writer.end_object();
  std::string text = to_ascii(writer.view());
  if (text.size() <= kMaxMetadataCharacters) return text;
  return base::configuration_error("The metadata is " + std::to_string(text.size()) +
                                       " characters of JSON, but at most 8500 are allowed.",
                                   "Send less metadata.");
}

// The header has `ENABLED`, `DISABLED` or `ENABLED_FULL`.
std::string upper_case(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return upper;
}

void add(std::string_view name, std::string value, std::vector<HttpHeader>& headers) {
  if (!value.empty()) headers.push_back({std::string(name), std::move(value)});
}

}  // namespace

Result<std::vector<HttpHeader>> invoke_headers(const ChatRequest& request, std::string_view project,
                                               Delivery delivery) {
  std::vector<HttpHeader> headers;
  headers.reserve(3);  // others are rare
  headers.push_back({"Content-Type", "application/json"});
  if (delivery == Delivery::buffered) {
    headers.push_back({"Accept", "application/json"});
  } else {
    headers.push_back({"Accept", "application/vnd.amazon.eventstream"});
    headers.push_back({"X-Amzn-Bedrock-Accept", "application/json"});
  }
  if (request.guardrail) {
    add("X-Amzn-Bedrock-GuardrailIdentifier", request.guardrail->id, headers);
    add("X-Amzn-Bedrock-GuardrailVersion", request.guardrail->version, headers);
    add("X-Amzn-Bedrock-Trace", upper_case(request.guardrail->trace), headers);
  }
  add("X-Amzn-Bedrock-PerformanceConfig-Latency", request.latency, headers);
  add("X-Amzn-Bedrock-Service-Tier", request.service_tier, headers);
  add("X-Amzn-Bedrock-ProjectIdentifier", std::string(project), headers);
  if (request.metadata.empty()) return headers;
  auto metadata = metadata_text(request);
  if (!metadata) return std::unexpected(metadata.error());
  headers.push_back({"X-Amzn-Bedrock-Request-Metadata", std::move(*metadata)});
  return headers;
}

}  // namespace llm::bedrock
