#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "tests/fault_matrix/cell.hpp"

namespace llm::fault_matrix {

/// What every sound response says, and what one that nobody asked for says.
inline constexpr std::string_view kFresh = "fresh";
inline constexpr std::string_view kStale = "stale";

/// The body of a buffered completion with this text.
[[nodiscard]] std::string whole_body(std::string_view text);
/// The frames of a streamed completion with this text, which two of them share.
[[nodiscard]] std::vector<std::string> stream_frames(std::string_view text);
/// The index of the frame of `stream_frames` that is meant.
[[nodiscard]] std::size_t index_of(FrameAt frame);

/// Writes a length into the frame that is larger than allowed: that of the frame at
/// Position::prelude, that of its headers at Position::headers. The checksum of the prelude is
/// right.
void make_oversize(Position position, std::string& frame);

/// A response as bytes, with the places where faults may happen.
struct WireResponse {
  std::string bytes{};
  std::size_t head_size = 0;
  /// Where the parts of the body are: one for a buffered response, a frame each for a stream.
  std::vector<std::size_t> parts{};
  std::vector<std::size_t> part_sizes{};
  std::size_t chunk_size = 0;  ///< Where the size of the first chunk is.
  std::size_t chunk_end = 0;   ///< Where the line end after the first chunk is.
  std::size_t end = 0;         ///< Where the last part ends; with chunks, more follows.
};

/// A head with these extra lines, each with its line end.
[[nodiscard]] std::string head_of(Mode mode, Framing framing, std::size_t size,
                                  std::string_view more = {});
[[nodiscard]] WireResponse response_of(Mode mode, Framing framing,
                                       const std::vector<std::string>& parts,
                                       std::string_view more_head = {});
[[nodiscard]] WireResponse sound_response(Mode mode, Framing framing,
                                          std::string_view text = kFresh);
/// A refusal by the service, as JSON.
[[nodiscard]] std::string refusal(std::string_view status, std::string_view name);

/// Where a fault at this position of this place begins.
[[nodiscard]] std::size_t offset_of(const ClientCell& cell, const WireResponse& response);

}  // namespace llm::fault_matrix
