#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include <llm/chat.hpp>
#include <llm/error.hpp>

#include "bedrock/codec/conversation.hpp"
#include "json/writer.hpp"

namespace llm::bedrock {

/// Writes content blocks in Converse's format.
/// Source: botocore, ContentBlock and SystemContentBlock of bedrock-runtime.
class ConverseBlockWriter {
 public:
  ConverseBlockWriter(json::Writer& writer, const ModelId& model, std::vector<Warning>& warnings)
      : writer_(writer), model_(model), warnings_(warnings) {}

  /// Writes one block of the system text or of a turn.
  /// Errors: unsupported_feature for what the model or Converse cannot carry; configuration_error
  /// for a bad image, document or cache point.
  [[nodiscard]] Result<void> write(const PlacedBlock& block);

 private:
  struct Visitor;

  [[nodiscard]] Error refused(std::string_view reason, std::string_view advice = {}) const;
  [[nodiscard]] Result<void> check_vision(std::string_view media) const;
  [[nodiscard]] Result<void> check_tools() const;
  void write_unknown(const UnknownMembers& unknown);
  [[nodiscard]] Result<void> write_image(const ImageContent& image);
  void write_tool_change(std::string_view kind, const ToolReference& tool);
  void write_document_source(const DocumentContent& document, bool as_text);
  [[nodiscard]] Result<void> write_document(const DocumentContent& document);
  [[nodiscard]] std::string document_name(const DocumentContent& document);
  [[nodiscard]] Result<void> write_video(const VideoContent& video);
  [[nodiscard]] Result<void> write_audio(const AudioContent& audio);
  [[nodiscard]] Result<void> write_tool_call(const ToolCallContent& call);
  [[nodiscard]] Result<void> write_tool_result(const ToolResultContent& result);
  [[nodiscard]] Result<void> write_part(const ToolResultPart& part);
  [[nodiscard]] Result<void> write_cited(const CitationsContent& cited);
  void write_search_result(const SearchResultContent& result);
  [[nodiscard]] Result<void> write_guarded(const GuardContent& guarded);
  [[nodiscard]] Result<void> write_cache_point(const CachePoint& point);

  json::Writer& writer_;
  const ModelId& model_;
  std::vector<Warning>& warnings_;
  PlacedBlock block_{};        ///< The block being written.
  std::size_t documents_ = 0;  ///< Written so far.
};

/// The value of the `source` member of media.
void write_media_source(const MediaSource& source, json::Writer& writer);

/// The value of a `cachePoint` member.
void write_cache_point_value(const CachePoint& point, json::Writer& writer);

}  // namespace llm::bedrock
