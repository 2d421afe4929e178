#pragma once

#include <string>
#include <string_view>

namespace llm {

/// `name` as Bedrock accepts it for a document: letters, digits, hyphens, brackets and single
/// spaces (botocore, DocumentBlock), at most 200 bytes; a hyphen for anything else. `document` when
/// no letter or digit is left.
[[nodiscard]] std::string clean_document_name(std::string_view name);

}  // namespace llm
