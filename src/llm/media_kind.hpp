#pragma once

#include <string_view>

namespace llm {

enum class MediaGroup { document, video, audio };

/// How the bytes of a kind begin.
enum class Signature {
  none,  ///< Any bytes: plain text in some form.
  pdf,
  ole,   ///< Compound File Binary: Word and Excel before 2007.
  zip,   ///< Office Open XML.
  iso,   ///< ISO base media file: MP4, QuickTime, 3GP, M4A.
  ebml,  ///< Matroska and WebM.
  flv,
  mpeg,
  asf,
  mp3,
  wav,
  flac,
  ogg,
  aac,
};

/// A kind of file other than an image.
struct MediaKind {
  std::string_view ending{};  ///< With its dot, lower case.
  MediaGroup group = MediaGroup::document;
  std::string_view word{};  ///< IANA media type of a document, Bedrock's format word of the others.
  Signature signature = Signature::none;
};

/// The kind of a file by its bytes where they tell it (PDF), else by the ending of its name (`.md`,
/// lower case). Null when neither does. The kind lives for ever.
[[nodiscard]] const MediaKind* media_kind(std::string_view bytes, std::string_view ending);

/// The kind of document of a media type, under its usual ending; null when there is none.
[[nodiscard]] const MediaKind* document_kind_of(std::string_view media_type);

/// Whether the bytes can be of that kind.
[[nodiscard]] bool has_signature(const MediaKind& kind, std::string_view bytes);

}  // namespace llm
