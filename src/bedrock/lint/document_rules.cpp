// Documents through Converse.
#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "base/text.hpp"
#include "bedrock/lint/rule.hpp"
#include "llm/document_name.hpp"

namespace llm::bedrock::linter {
namespace {

constexpr std::size_t kMaxDocuments = 5;              // botocore, Message
constexpr std::size_t kMaxDocumentBytes = 4'500'000;  // botocore, Message: 4.5 MB
constexpr std::size_t kMaxNameLength = 200;           // botocore, DocumentBlock

// An underscore is accepted, though not documented (recorded).
bool is_document_name_character(char c) {
  return base::is_letter_or_digit(c) || std::string_view("-_()[]").contains(c) || base::is_space(c);
}

bool is_name(std::string_view name) {
  const auto two_spaces = [](char left, char right) {
    return base::is_space(left) && base::is_space(right);
  };
  return name.size() <= kMaxNameLength && std::ranges::all_of(name, is_document_name_character) &&
         std::ranges::adjacent_find(name, two_spaces) == name.end();
}

DocumentContent& document_at(RequestEditor& editor, Place place) {
  Content& content = editor.at(place.block);
  if (!place.part) return std::get<DocumentContent>(content);
  return std::get<DocumentContent>(std::get<ToolResultContent>(content).content[*place.part]);
}

void check_document_name(const RequestView& view, Report& report) {
  if (!view.by_converse) return;
  for_each_of<DocumentContent>(view, [&](const DocumentContent& document, Place place, Role) {
    if (is_name(document.name)) return;
    report.add(to_string(place),
               "The document name is not 1 to 200 letters, digits, hyphens, brackets and single "
               "spaces.",
               "Rename the document.",
               {"Characters of the document name that Bedrock does not accept were replaced with "
                "hyphens.",
                [place](RequestEditor& editor) {
                  std::string& name = document_at(editor, place).name;
                  name = clean_document_name(name);
                }});
  });
}

// The name, with a number if another document has it.
std::string unused_name(const std::string& name, const std::set<std::string>& used) {
  std::string next = name;
  for (int number = 2; used.contains(next); ++number) {
    const std::string suffix = " " + std::to_string(number);
    next = name.substr(0, kMaxNameLength - suffix.size()) + suffix;
  }
  return next;
}

void check_unique_document_names(const RequestView& view, Report& report) {
  if (!view.by_converse) return;
  std::set<std::string> used;
  for_each_of<DocumentContent>(view, [&](const DocumentContent& document, Place place, Role) {
    // A name that another rule repairs counts as repaired.
    const std::string name =
        is_name(document.name) ? document.name : clean_document_name(document.name);
    if (name.empty() || used.insert(name).second) return;
    const std::string next = unused_name(name, used);
    used.insert(next);
    report.add(to_string(place), "The document has the same name as an earlier one.",
               "Rename the document.",
               {"A number was appended to the document name, which another document has.",
                [place, next](RequestEditor& editor) { document_at(editor, place).name = next; }});
  });
}

void check_document_text(const RequestView& view, Report& report) {
  if (!view.by_converse) return;
  for (const Turn& turn : view.turns) {
    const auto document = std::ranges::find_if(turn.blocks, [](const PlacedBlock& block) {
      return std::holds_alternative<DocumentContent>(*block.content);
    });
    if (document == turn.blocks.end()) continue;
    const bool has_text = std::ranges::any_of(
        turn.blocks, [](const PlacedBlock& block) { return is_nonblank_text(*block.content); });
    if (has_text) continue;
    report.add(to_string(document->position), "The document has no text in the same message.",
               "Add text to the message that says what the document is for.");
  }
}

void check_document_count(const RequestView& view, Report& report) {
  if (!view.by_converse) return;
  std::size_t count = 0;
  for_each_of<DocumentContent>(view, [&](const DocumentContent&, Place place, Role) {
    if (++count != kMaxDocuments + 1) return;
    report.add(to_string(place),
               "The document is the sixth of the request, but at most 5 are allowed.",
               "Send fewer documents, or merge them.");
  });
}

void check_bytes(const RequestView& view, Report& report) {
  if (!view.by_converse) return;
  for_each_of<DocumentContent>(view, [&](const DocumentContent& document, Place place, Role) {
    const auto* bytes = std::get_if<std::string>(&document.source);
    if (bytes == nullptr || bytes->size() <= kMaxDocumentBytes) return;
    report.add(to_string(place),
               "The document is " + std::to_string(bytes->size()) +
                   " bytes, but at most 4500000 are allowed.",
               "Shorten or split the document.");
  });
}

void check_document_support(const RequestView& view, Report& report) {
  const Takes& takes = view.facts.takes;
  if (by_api(view, takes.documents_converse, takes.documents_invoke) != Support::no) return;
  for_each_of<DocumentContent>(view, [&](const DocumentContent&, Place place, Role) {
    report.add(to_string(place),
               view.by_converse ? "This model does not take documents through Converse."
                                : "This model does not take documents in its native format.",
               "Send the text of the document.");
  });
}

constexpr auto kDocumentRules = std::to_array<Rule>({
    {{.id = "document_name",
      .summary =
          "A document name consists of letters, digits, hyphens, brackets and single spaces.",
      .refusal = "The document file name can only contain alphanumeric characters, whitespace "
                 "characters, hyphens, parentheses, and square brackets. The name can't contain "
                 "more than one consecutive whitespace character.",
      .source = "simonw/llm-bedrock#8",
      .repair = "replaces other characters with hyphens"},
     check_document_name},
    {{.id = "document_names_unique",
      .summary = "Document names are unique.",
      .refusal = "Messages can't contain duplicate document names. Rename the document and retry "
                 "your request.",
      .source = "maximhq/bifrost#7003",
      .repair = "appends a number to the name"},
     check_unique_document_names},
    {{.id = "document_text",
      .summary = "A message with a document also has text.",
      .refusal = "A text block must be included when using documents.",
      .source = "archestra-ai/archestra#4220"},
     check_document_text},
    {{.id = "document_count",
      .summary = "A request has at most 5 documents.",
      .refusal = "You can't include more than 5 documents in a request.",
      .source = "aws-samples/generative-ai-use-cases#1685; botocore, Message"},
     check_document_count},
    {{.id = "document_support",
      .summary = "Documents go to models that take them.",
      .refusal = "This model doesn't support the document content block that you provided.",
      .source = "danny-avila/LibreChat#6351; Bedrock User Guide, Converse table"},
     check_document_support},
    {{.id = "document_bytes",
      .summary = "A document is at most 4.5 MB.",
      .refusal = "Each document's size must be no more than 4.5 MB.",
      .source = "botocore, Message"},
     check_bytes},
});

}  // namespace

std::span<const Rule> document_rules() { return kDocumentRules; }

}  // namespace llm::bedrock::linter
