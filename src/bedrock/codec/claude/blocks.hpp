#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include <llm/chat.hpp>
#include <llm/error.hpp>

#include "bedrock/codec/claude/cache.hpp"
#include "bedrock/codec/conversation.hpp"
#include "json/writer.hpp"

namespace llm::bedrock {

/// Writes content blocks in Anthropic's form. Counts the images of the whole request, because many
/// of them must each be smaller.
class ClaudeBlockWriter {
 public:
  ClaudeBlockWriter(json::Writer& writer, const ModelId& model, std::vector<Warning>& warnings)
      : writer_(writer), model_(model), warnings_(warnings) {}

  /// Writes one block of a turn. Errors: unsupported_feature for what Claude or its native form
  /// cannot carry; configuration_error for a bad image or document.
  [[nodiscard]] Result<void> write(const MarkedBlock& block, Role role);

 private:
  struct Visitor;

  [[nodiscard]] Error refused(std::string_view reason = {}) const;
  void write_unknown(const UnknownMembers& unknown);
  void begin(std::string_view type);
  void end();
  [[nodiscard]] Result<void> write_image(const ImageContent& image);
  [[nodiscard]] Result<void> write_document(const DocumentContent& document);
  void write_search_result(const SearchResultContent& result);
  [[nodiscard]] Result<void> write_tool_call(const ToolCallContent& call);
  [[nodiscard]] Result<void> write_tool_result(const ToolResultContent& result);
  [[nodiscard]] Result<void> write_part(const ToolResultPart& part);
  [[nodiscard]] Result<void> write_cited(const CitationsContent& cited);

  json::Writer& writer_;
  const ModelId& model_;
  std::vector<Warning>& warnings_;
  PlacedBlock block_{};  ///< The one that is being written.
  Role role_ = Role::user;
  const CachePoint* cache_ = nullptr;  ///< Its mark; taken by the first block that ends.
};

/// Writes `cache_control` if there is a point. Requires: inside an object.
void write_cache_control(const CachePoint* cache, json::Writer& writer);

}  // namespace llm::bedrock
