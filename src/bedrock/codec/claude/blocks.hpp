#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <llm/chat.hpp>
#include <llm/error.hpp>

#include "bedrock/codec/claude/cache.hpp"
#include "bedrock/codec/conversation.hpp"
#include "json/writer.hpp"

namespace llm::bedrock {

/// Writes content blocks in Anthropic's format.
class ClaudeBlockWriter {
 public:
  ClaudeBlockWriter(json::Writer& writer, const ModelId& model, std::vector<Warning>& warnings)
      : writer_(writer), model_(model), warnings_(warnings) {}

  /// Writes one block of a turn. Errors: unsupported_feature for what Claude or its native format
  /// cannot carry; configuration_error for a bad image or document.
  [[nodiscard]] Result<void> write(const MarkedBlock& block, Role role);

 private:
  struct Visitor;

  [[nodiscard]] Error refused(std::string_view reason = "has no such block in its native format",
                              std::string_view advice = {}) const;
  void write_unknown(const UnknownMembers& unknown);
  void begin(std::string_view type);
  void end();
  [[nodiscard]] Result<void> write_image(const ImageContent& image);
  void write_passages(const std::vector<std::string>& passages);
  [[nodiscard]] Result<void> write_document_source(const DocumentContent& document);
  [[nodiscard]] Result<void> write_document(const DocumentContent& document);
  void write_search_result(const SearchResultContent& result);
  [[nodiscard]] Result<void> write_tool_call(const ToolCallContent& call);
  [[nodiscard]] Result<void> write_tool_result(const ToolResultContent& result);
  [[nodiscard]] Result<void> write_part(const ToolResultPart& part);
  [[nodiscard]] Result<void> write_cited(const CitationsContent& cited);

  json::Writer& writer_;
  const ModelId& model_;
  std::vector<Warning>& warnings_;
  PlacedBlock block_{};  ///< The block being written.
  Role role_ = Role::user;
  const CachePoint* cache_ = nullptr;  ///< Its cache point; written by `end`.
};

/// Writes `cache_control` unless `cache` is null. Requires: inside an object.
void write_cache_control(const CachePoint* cache, json::Writer& writer);

}  // namespace llm::bedrock
