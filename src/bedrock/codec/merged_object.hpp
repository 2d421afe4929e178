#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <llm/chat.hpp>
#include <llm/error.hpp>
#include <llm/json.hpp>

#include "json/writer.hpp"

namespace llm::bedrock {

/// A JSON object that is written member by member, with the caller's extra fields merged into its
/// top level. A member that both set has the caller's value, with a warning
/// (`extra_field_replaces`).
class MergedObject {
 public:
  /// Errors: configuration_error when the extra fields are neither null nor an object.
  [[nodiscard]] static Result<MergedObject> create(const Json& extra_fields);

  /// Starts a member; its value is then written to `writer()`. False: write nothing, the caller has
  /// set it.
  [[nodiscard]] bool begin(std::string_view name);
  [[nodiscard]] json::Writer& writer() { return writer_; }
  [[nodiscard]] std::vector<Warning>& warnings() { return warnings_; }

  /// True when the object has no member so far.
  [[nodiscard]] bool empty() const { return extra_.empty() && writer_.view() == "{"; }

  /// Adds the extra fields and ends the object.
  [[nodiscard]] std::string take() &&;

 private:
  MergedObject() = default;

  json::Writer writer_;
  std::vector<std::pair<std::string, std::string>> extra_;
  std::vector<Warning> warnings_;
};

}  // namespace llm::bedrock
