#include "llm/media_kind.hpp"

#include <algorithm>
#include <iterator>

namespace llm {
namespace {

using namespace std::string_view_literals;

constexpr auto kDocument = MediaGroup::document;
constexpr auto kVideo = MediaGroup::video;
constexpr auto kAudio = MediaGroup::audio;

// The formats of DocumentBlock, VideoBlock and AudioBlock (botocore, bedrock-runtime).
constexpr MediaKind kKinds[] = {
    {".pdf", kDocument, "application/pdf", Signature::pdf},
    {".csv", kDocument, "text/csv", Signature::none},
    {".doc", kDocument, "application/msword", Signature::ole},
    {".docx", kDocument, "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
     Signature::zip},
    {".xls", kDocument, "application/vnd.ms-excel", Signature::ole},
    {".xlsx", kDocument, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
     Signature::zip},
    {".html", kDocument, "text/html", Signature::none},
    {".htm", kDocument, "text/html", Signature::none},
    {".txt", kDocument, "text/plain", Signature::none},
    {".md", kDocument, "text/markdown", Signature::none},
    {".markdown", kDocument, "text/markdown", Signature::none},
    {".mp4", kVideo, "mp4", Signature::iso},
    {".mov", kVideo, "mov", Signature::iso},
    {".mkv", kVideo, "mkv", Signature::ebml},
    {".webm", kVideo, "webm", Signature::ebml},
    {".flv", kVideo, "flv", Signature::flv},
    {".mpeg", kVideo, "mpeg", Signature::mpeg},
    {".mpg", kVideo, "mpg", Signature::mpeg},
    {".wmv", kVideo, "wmv", Signature::asf},
    {".3gp", kVideo, "three_gp", Signature::iso},
    {".mp3", kAudio, "mp3", Signature::mp3},
    {".wav", kAudio, "wav", Signature::wav},
    {".flac", kAudio, "flac", Signature::flac},
    {".ogg", kAudio, "ogg", Signature::ogg},
    {".opus", kAudio, "opus", Signature::ogg},
    {".aac", kAudio, "aac", Signature::aac},
    {".m4a", kAudio, "m4a", Signature::iso},
    {".mka", kAudio, "mka", Signature::ebml},
};

bool has(std::string_view bytes, std::size_t at, std::string_view text) {
  return bytes.size() >= at && bytes.substr(at).starts_with(text);
}

// Some writers put other bytes first; readers search the first 1024 (ISO 32000-1, annex H).
bool is_pdf(std::string_view bytes) { return bytes.substr(0, 1024).contains("%PDF-"); }

// The type of the first box; QuickTime allows more than `ftyp`.
bool is_iso(std::string_view bytes) {
  constexpr std::string_view kBoxes[] = {"ftyp", "moov", "mdat", "wide", "free", "skip"};
  return std::ranges::any_of(kBoxes, [&](std::string_view box) { return has(bytes, 4, box); });
}

// Eleven bits set begin an MPEG audio frame, twelve an ADTS frame.
bool is_frame(std::string_view bytes, unsigned second_byte_mask) {
  if (!has(bytes, 0, "\xFF") || bytes.size() < 2) return false;
  return (static_cast<unsigned char>(bytes[1]) & second_byte_mask) == second_byte_mask;
}

bool has_signature(Signature signature, std::string_view bytes) {
  switch (signature) {
    case Signature::none:
      return true;
    case Signature::pdf:
      return is_pdf(bytes);
    case Signature::ole:
      return has(bytes, 0, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");
    case Signature::zip:
      return has(bytes, 0, "PK\x03\x04");
    case Signature::iso:
      return is_iso(bytes);
    case Signature::ebml:
      return has(bytes, 0, "\x1A\x45\xDF\xA3");
    case Signature::flv:
      return has(bytes, 0, "FLV");
    case Signature::mpeg:
      return has(bytes, 0, "\0\0\x01\xBA"sv) || has(bytes, 0, "\0\0\x01\xB3"sv);
    case Signature::asf:
      return has(bytes, 0, "\x30\x26\xB2\x75\x8E\x66\xCF\x11");
    case Signature::mp3:
      return has(bytes, 0, "ID3") || is_frame(bytes, 0xE0);
    case Signature::wav:
      return has(bytes, 0, "RIFF") && has(bytes, 8, "WAVE");
    case Signature::flac:
      return has(bytes, 0, "fLaC");
    case Signature::ogg:
      return has(bytes, 0, "OggS");
    case Signature::aac:
      return has(bytes, 0, "ADIF") || is_frame(bytes, 0xF0);
  }
  return false;
}

}  // namespace

const MediaKind* media_kind(std::string_view bytes, std::string_view extension) {
  if (bytes.starts_with("%PDF-")) extension = ".pdf";
  const auto* kind = std::ranges::find(kKinds, extension, &MediaKind::extension);
  return kind == std::end(kKinds) ? nullptr : kind;
}

const MediaKind* document_kind_of(std::string_view media_type) {
  const auto* kind = std::ranges::find(kKinds, media_type, &MediaKind::format);
  return kind == std::end(kKinds) || kind->group != kDocument ? nullptr : kind;
}

bool has_signature(const MediaKind& kind, std::string_view bytes) {
  return has_signature(kind.signature, bytes);
}

}  // namespace llm
