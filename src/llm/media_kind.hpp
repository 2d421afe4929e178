#pragma once

#include <string_view>

namespace llm {

enum class MediaGroup { document, video, audio };

/// How the bytes of a kind start.
enum class Signature {
  none,  ///< Any bytes: a kind of plain text.
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
  std::string_view extension{};  ///< With its dot, lower case.
  MediaGroup group = MediaGroup::document;
  std::string_view format{};  ///< IANA media type of a document, else Bedrock's name of the format.
  Signature signature = Signature::none;
};

/// The kind of a file by its bytes where they show it (PDF), else by its file extension (`.md`,
/// lower case). Null when it is unknown. The kind is static.
[[nodiscard]] const MediaKind* media_kind(std::string_view bytes, std::string_view extension);

/// The kind of document of a media type, with its usual extension; null when there is none.
[[nodiscard]] const MediaKind* document_kind_of(std::string_view media_type);

/// Whether the bytes can be of that kind.
[[nodiscard]] bool has_signature(const MediaKind& kind, std::string_view bytes);

}  // namespace llm
