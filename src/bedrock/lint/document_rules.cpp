// Documents by Converse.
#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "bedrock/lint/rule.hpp"
#include "llm/document_name.hpp"

namespace llm::bedrock::linter {
namespace {

constexpr std::size_t kMaxDocuments = 5;              // botocore, Message
constexpr std::size_t kMaxDocumentBytes = 4'500'000;  // botocore, Message: 4.5 MB
constexpr std::size_t kMaxNameLength = 200;           // botocore, DocumentBlock

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// An underscore is taken, though the documentation does not say so (recorded).
bool may_stand_in_name(char c) {
  return is_letter_or_digit(c) || std::string_view("-_()[]").contains(c) || is_space(c);
}

bool is_name(std::string_view name) {
  const auto two_spaces = [](char left, char right) { return is_space(left) && is_space(right); };
  return name.size() <= kMaxNameLength && std::ranges::all_of(name, may_stand_in_name) &&
         std::ranges::adjacent_find(name, two_spaces) == name.end();
}

DocumentContent& document_at(RequestEditor& mending, Place place) {
  Content& content = mending.at(place.block);
  if (!place.part) return std::get<DocumentContent>(content);
  return std::get<DocumentContent>(std::get<ToolResultContent>(content).content[*place.part]);
}

void check_document_name(const Subject& subject, Report& report) {
  if (!subject.by_converse) return;
  for_each_of<DocumentContent>(subject, [&](const DocumentContent& document, Place place, Role) {
    if (is_name(document.name)) return;
    report.add(to_string(place),
               "has a document name that is not 1 to 200 letters, digits, hyphens, brackets and "
               "single spaces; change it",
               "got a hyphen in its name for each character that Bedrock does not take",
               [place](RequestEditor& mending) {
                 std::string& name = document_at(mending, place).name;
                 name = clean_document_name(name);
               });
  });
}

// The name, with a number where another document has it.
std::string unused_name(const std::string& name, const std::set<std::string>& used) {
  std::string next = name;
  for (int number = 2; used.contains(next); ++number) {
    const std::string ending = " " + std::to_string(number);
    next = name.substr(0, kMaxNameLength - ending.size()) + ending;
  }
  return next;
}

void check_unique_document_names(const Subject& subject, Report& report) {
  if (!subject.by_converse) return;
  std::set<std::string> used;
  for_each_of<DocumentContent>(subject, [&](const DocumentContent& document, Place place, Role) {
    // What another rule is going to rename counts under its new name.
    const std::string name =
        is_name(document.name) ? document.name : clean_document_name(document.name);
    if (name.empty() || used.insert(name).second) return;
    const std::string next = unused_name(name, used);
    used.insert(next);
    report.add(to_string(place),
               "has the name of a document before it, and each needs its own; change it",
               "got a number behind its name, which another document has",
               [place, next](RequestEditor& mending) { document_at(mending, place).name = next; });
  });
}

void check_text_beside(const Subject& subject, Report& report) {
  if (!subject.by_converse) return;
  for (const Turn& turn : subject.turns) {
    const auto document = std::ranges::find_if(turn.blocks, [](const PlacedBlock& block) {
      return std::holds_alternative<DocumentContent>(*block.content);
    });
    if (document == turn.blocks.end()) continue;
    const bool has_text = std::ranges::any_of(
        turn.blocks, [](const PlacedBlock& block) { return is_speaking_text(*block.content); });
    if (has_text) continue;
    report.add(to_string(document->position),
               "is a document without text beside it; say in the same message what it is for");
  }
}

void check_document_count(const Subject& subject, Report& report) {
  if (!subject.by_converse) return;
  std::size_t count = 0;
  for_each_of<DocumentContent>(subject, [&](const DocumentContent&, Place place, Role) {
    if (++count != kMaxDocuments + 1) return;
    report.add(to_string(place),
               "is the sixth document, but a request may have 5; send fewer, or join them");
  });
}

void check_bytes(const Subject& subject, Report& report) {
  if (!subject.by_converse) return;
  for_each_of<DocumentContent>(subject, [&](const DocumentContent& document, Place place, Role) {
    const auto* bytes = std::get_if<std::string>(&document.source);
    if (bytes == nullptr || bytes->size() <= kMaxDocumentBytes) return;
    report.add(to_string(place), "is a document of " + std::to_string(bytes->size()) +
                                     " bytes, but at most 4500000 are taken; send less of it");
  });
}

constexpr auto kDocumentRules = std::to_array<Rule>({
    {{.id = "document_name",
      .summary = "A document's name is letters, digits, hyphens, brackets and single spaces.",
      .refusal = "The document file name can only contain alphanumeric characters, whitespace "
                 "characters, hyphens, parentheses, and square brackets. The name can't contain "
                 "more than one consecutive whitespace character.",
      .source = "simonw/llm-bedrock#8",
      .repair = "puts a hyphen for what is not taken"},
     check_document_name},
    {{.id = "document_names_unique",
      .summary = "No two documents have one name.",
      .refusal = "Messages can't contain duplicate document names. Rename the document and retry "
                 "your request.",
      .source = "maximhq/bifrost#7003",
      .repair = "puts a number behind the name"},
     check_unique_document_names},
    {{.id = "document_text",
      .summary = "Beside a document stands a text.",
      .refusal = "A text block must be included when using documents.",
      .source = "archestra-ai/archestra#4220"},
     check_text_beside},
    {{.id = "document_count",
      .summary = "A request has at most 5 documents.",
      .refusal = "You can't include more than 5 documents in a request.",
      .source = "aws-samples/generative-ai-use-cases#1685; botocore, Message"},
     check_document_count},
    {{.id = "document_bytes",
      .summary = "A document has at most 4.5 MB.",
      .refusal = "Each document's size must be no more than 4.5 MB.",
      .source = "botocore, Message"},
     check_bytes},
});

}  // namespace

std::span<const Rule> document_rules() { return kDocumentRules; }

}  // namespace llm::bedrock::linter
