// Metadata and extra response fields.
#include <algorithm>
#include <array>
#include <string>

#include "base/text.hpp"
#include "bedrock/lint/rule.hpp"

namespace llm::bedrock::linter {
namespace {

// botocore, ConverseRequest.
constexpr std::size_t kMaxMetadata = 16;
constexpr std::size_t kMaxMetadataLength = 256;
constexpr std::size_t kMaxPaths = 10;
constexpr std::size_t kMaxPathLength = 256;

bool is_metadata_character(char c) {
  return base::is_letter_or_digit(c) || std::string_view(" \t\r\n\f\v:_@$#=/+,-.").contains(c);
}

bool is_metadata(std::string_view text) {
  return text.size() <= kMaxMetadataLength && std::ranges::all_of(text, is_metadata_character);
}

void check_metadata(const RequestView& view, Report& report) {
  const auto& metadata = view.request.metadata;
  if (metadata.size() > kMaxMetadata) {
    report.add("metadata",
               "The metadata has " + std::to_string(metadata.size()) +
                   " entries, but at most 16 are allowed.",
               "Send fewer.");
  }
  const bool is_valid = std::ranges::all_of(metadata, [](const auto& entry) {
    return !entry.first.empty() && is_metadata(entry.first) && is_metadata(entry.second);
  });
  if (is_valid) return;
  report.add(
      "metadata",
      "A metadata key is empty, or a key or value is longer than 256 characters or has others "
      "than letters, digits, white space and \":_@$#=/+,-.\".",
      "Change it.");
}

// RFC 6901: parts that begin with "/", in which "~" is followed by 0 or 1.
bool is_json_pointer(std::string_view path) {
  if (!path.starts_with('/')) return false;
  for (std::size_t at = path.find('~'); at != std::string_view::npos; at = path.find('~', at + 1)) {
    const char next = at + 1 < path.size() ? path[at + 1] : ' ';
    if (next != '0' && next != '1') return false;
  }
  return true;
}

void check_paths(const RequestView& view, Report& report) {
  const auto& paths = view.request.extra_response_fields;
  if (paths.size() > kMaxPaths) {
    report.add("extra_response_fields",
               "The request has " + std::to_string(paths.size()) +
                   " extra_response_fields, but at most 10 are allowed.",
               "Send fewer.");
  }
  for (std::size_t index = 0; index < paths.size(); ++index) {
    if (is_json_pointer(paths[index]) && paths[index].size() <= kMaxPathLength) continue;
    report.add("extra_response_fields[" + std::to_string(index) + "]",
               "The entry is not a JSON Pointer of 1 to 256 characters.",
               "Write it as \"/member\".");
  }
}

void check_end_of_life(const RequestView& view, Report& report) {
  if (view.today.empty()) return;  // only `lint` is told the day
  if (lifecycle_on(view.today, view.facts) != Lifecycle::end_of_life) return;
  std::string message = "This model has reached its end of life";
  if (!view.facts.end_of_life.empty()) message += " (" + std::string(view.facts.end_of_life) + ")";
  const std::string_view successor = view.facts.successor;
  report.note("model", message + ".",
              successor.empty() ? "Use another model." : "Use " + std::string(successor) + ".");
}

constexpr auto kOptionRules = std::to_array<Rule>({
    {{.id = "metadata",
      .summary = "Metadata has at most 16 entries of at most 256 plain characters.",
      .refusal = "Value at 'requestMetadata' failed to satisfy constraint: Map keys must satisfy "
                 "constraint: [Member must satisfy regular expression pattern: "
                 "[a-zA-Z0-9\\s:_@$#=/+,-.]{1,256}]",
      .source = "botocore, RequestMetadata"},
     check_metadata},
    {{.id = "end_of_life",
      .summary = "The model has not reached its end of life. A note: dates are moved at times.",
      .refusal = "This model version has reached the end of its life.",
      .source = "Bedrock User Guide, \"Model lifecycle\""},
     check_end_of_life},
    {{.id = "response_fields",
      .summary = "There are at most 10 extra_response_fields, each a JSON Pointer.",
      .refusal = "The additionalModelResponseFieldPaths field has an invalid JSON Pointer: N",
      .source = "botocore, ConverseRequest"},
     check_paths},
});

}  // namespace

std::span<const Rule> option_rules() { return kOptionRules; }

}  // namespace llm::bedrock::linter
