#include "bedrock/codec/codec.hpp"

#include <algorithm>

#include "bedrock/codec/formats.hpp"

namespace llm::bedrock {

const Codec& codec_for(WireFormat format, std::span<const ChatFormat> formats) {
  const auto row = std::ranges::find(formats, format, &ChatFormat::format);
  return row == formats.end() ? converse_codec() : row->codec();
}

const Codec& codec_for(WireFormat format) { return codec_for(format, kChatFormats); }

}  // namespace llm::bedrock
