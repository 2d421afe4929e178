#include "local/apply_guardrail.hpp"

#include <algorithm>
#include <array>

#include "json/reader.hpp"
#include "json/writer.hpp"
#include "local/shapes.hpp"

namespace llm::local {
namespace {

using json::Value;

constexpr std::size_t kMaxVersionBytes = 8;  // botocore: GuardrailVersion

// Source: botocore, GuardrailUsage.
constexpr std::array<std::string_view, 9> kUsage{"topicPolicyUnits",
                                                 "contentPolicyUnits",
                                                 "wordPolicyUnits",
                                                 "sensitiveInformationPolicyUnits",
                                                 "sensitiveInformationPolicyFreeUnits",
                                                 "contextualGroundingPolicyUnits",
                                                 "contentPolicyImageUnits",
                                                 "automatedReasoningPolicyUnits",
                                                 "automatedReasoningPolicies"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_identifier(std::string_view text) {
  if (text.starts_with("arn:aws")) {
    constexpr std::string_view kKind = ":guardrail/";
    const std::size_t at = text.find(kKind);
    if (at == std::string_view::npos) return false;
    text.remove_prefix(at + kKind.size());
  }
  return std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || is_digit(c); });
}

bool is_version(std::string_view text) {
  if (text == "DRAFT") return true;
  return text.size() <= kMaxVersionBytes && std::ranges::all_of(text, is_digit) &&
         !text.starts_with('0');
}

std::unexpected<Refusal> bad_label(std::string_view value, std::string_view member,
                                   std::string_view pattern) {
  return invalid(
      "1 validation error detected: Value '" + std::string(value) + "' at '" + std::string(member) +
      "' failed to satisfy constraint: Member must satisfy regular expression pattern: " +
      std::string(pattern));
}

void write_count(std::string_view key, std::int64_t count, json::Writer& writer) {
  writer.key(key).begin_object();
  writer.key("guarded").integer(count).key("total").integer(count).end_object();
}

std::string write_echo(const Value& content) {
  std::int64_t characters = 0;
  std::int64_t images = 0;
  json::Writer writer;
  writer.begin_object().key("usage").begin_object();
  for (const std::string_view name : kUsage) writer.key(name).integer(0);
  writer.end_object().member("action", "NONE").key("outputs").begin_array();
  for (const Value block : content.elements()) {
    const auto text = block["text"]["text"].string();
    if (!text) {
      ++images;
      continue;
    }
    characters += static_cast<std::int64_t>(text->size());
    writer.begin_object().member("text", *text).end_object();
  }
  writer.end_array().key("assessments").begin_array().begin_object().end_object().end_array();
  writer.key("guardrailCoverage").begin_object();
  write_count("textCharacters", characters, writer);
  if (images > 0) write_count("images", images, writer);
  writer.end_object().end_object();
  return std::move(writer).take();
}

}  // namespace

Checked<Reply> apply_guardrail(const Request& request, std::string_view identifier,
                               std::string_view version) {
  if (!is_identifier(identifier)) {
    return bad_label(identifier, "guardrailIdentifier",
                     "(|([a-z0-9]+)|(arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:guardrail/"
                     "[a-z0-9]+))");
  }
  if (!is_version(version)) {
    return bad_label(version, "guardrailVersion", "(|([1-9][0-9]{0,7})|(DRAFT))");
  }
  json::Parser parser;
  const Result<Value> body = parser.parse(request.body);
  if (!body) return malformed("");
  if (auto checked = check_shape(*body, "ApplyGuardrailRequest"); !checked) {
    return std::unexpected(checked.error());
  }
  return json_reply(write_echo((*body)["content"]));
}

}  // namespace llm::local
