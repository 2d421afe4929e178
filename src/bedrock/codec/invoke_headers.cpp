// The headers of an InvokeModel request.
#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/text.hpp"
#include "bedrock/codec/invoke_request.hpp"
#include "json/writer.hpp"

namespace llm::bedrock {
namespace {

// botocore, shape `RequestMetadata` of InvokeModel.
constexpr std::size_t kMaxMetadataCharacters = 8500;

Error bad_option(std::string message) {
  return make_error(ErrorCode::configuration_error, std::move(message));
}

bool is_printable_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

void append_escape(std::uint32_t unit, std::string& out) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) out += kDigits[(unit >> shift) & 15U];
}

// The code point of a UTF-8 sequence, which is taken off the front. Requires: valid UTF-8.
std::uint32_t take_code_point(std::string_view& text) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  const std::size_t size = byte(0) < 0xE0 ? 2 : byte(0) < 0xF0 ? 3 : 4;
  std::uint32_t point = byte(0) & (0x7FU >> size);
  for (std::size_t at = 1; at < size; ++at) point = point << 6 | (byte(at) & 0x3FU);
  text.remove_prefix(size);
  return point;
}

// A header holds ASCII only, so all else in its JSON is written as \uXXXX.
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
    if (!base::is_valid_utf8(key) || !base::is_valid_utf8(value)) {
      return std::unexpected(bad_option("metadata is not valid UTF-8"));
    }
    writer.member(key, value);
  }
  writer.end_object();
  std::string text = to_ascii(writer.view());
  if (text.size() <= kMaxMetadataCharacters) return text;
  return std::unexpected(bad_option("metadata is " + std::to_string(text.size()) +
                                    " characters of JSON, but at most 8500 can be sent"));
}

// The service's word for an option's value.
struct Word {
  std::string_view ours;
  std::string_view wire;
};

Result<void> add_word(std::string_view option, std::string_view value, std::span<const Word> words,
                      std::string_view header, std::vector<HttpHeader>& headers) {
  if (value.empty()) return {};
  const auto found = std::ranges::find(words, value, &Word::ours);
  if (found != words.end()) {
    headers.push_back({std::string(header), std::string(found->wire)});
    return {};
  }
  std::string message = std::string(option) + " must be one of";
  for (const Word& word : words) message += " \"" + std::string(word.ours) + "\"";
  return std::unexpected(bad_option(std::move(message)));
}

Result<void> add_guardrail(const Guardrail& guardrail, std::vector<HttpHeader>& headers) {
  constexpr std::array<Word, 3> kTraces{
      {{"enabled", "ENABLED"}, {"disabled", "DISABLED"}, {"enabled_full", "ENABLED_FULL"}}};
  if (guardrail.id.empty() || guardrail.version.empty()) {
    return std::unexpected(bad_option("a guardrail needs both an id and a version"));
  }
  if (!is_printable_ascii(guardrail.id) || !is_printable_ascii(guardrail.version)) {
    return std::unexpected(bad_option("a guardrail's id and version must be printable ASCII"));
  }
  const std::string_view mode = guardrail.stream_mode;
  if (!mode.empty() && mode != "sync" && mode != "async") {
    return std::unexpected(bad_option("guardrail.stream_mode must be one of \"sync\" \"async\""));
  }
  headers.push_back({"X-Amzn-Bedrock-GuardrailIdentifier", guardrail.id});
  headers.push_back({"X-Amzn-Bedrock-GuardrailVersion", guardrail.version});
  return add_word("guardrail.trace", guardrail.trace, kTraces, "X-Amzn-Bedrock-Trace", headers);
}

}  // namespace

Result<std::vector<HttpHeader>> invoke_headers(const ChatRequest& request, Delivery delivery) {
  constexpr std::array<Word, 2> kLatencies{{{"standard", "standard"}, {"optimized", "optimized"}}};
  constexpr std::array<Word, 4> kTiers{{{"priority", "priority"},
                                        {"default", "default"},
                                        {"flex", "flex"},
                                        {"reserved", "reserved"}}};
  std::vector<HttpHeader> headers{{"Content-Type", "application/json"}};
  if (delivery == Delivery::whole) {
    headers.push_back({"Accept", "application/json"});
  } else {
    headers.push_back({"Accept", "application/vnd.amazon.eventstream"});
    headers.push_back({"X-Amzn-Bedrock-Accept", "application/json"});
  }
  if (request.guardrail) {
    const auto added = add_guardrail(*request.guardrail, headers);
    if (!added) return std::unexpected(added.error());
  }
  const auto latency = add_word("latency", request.latency, kLatencies,
                                "X-Amzn-Bedrock-PerformanceConfig-Latency", headers);
  if (!latency) return std::unexpected(latency.error());
  const auto tier = add_word("service_tier", request.service_tier, kTiers,
                             "X-Amzn-Bedrock-Service-Tier", headers);
  if (!tier) return std::unexpected(tier.error());
  if (request.metadata.empty()) return headers;
  auto metadata = metadata_text(request);
  if (!metadata) return std::unexpected(metadata.error());
  headers.push_back({"X-Amzn-Bedrock-Request-Metadata", std::move(*metadata)});
  return headers;
}

}  // namespace llm::bedrock
