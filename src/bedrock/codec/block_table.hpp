#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include <llm/error.hpp>

#include "json/reader.hpp"

namespace llm::bedrock {

/// More content blocks than any completion has. A hostile response of tiny blocks would otherwise
/// take many times its size in memory.
inline constexpr std::size_t kMaxContentBlocks = 10'000;

/// One content block of a streaming response.
template <typename Kind>
struct StreamBlock {
  int index = 0;
  Kind kind{};
  bool is_open = true;
  bool has_deltas = false;
};

/// What a BlockTable refuses: stream_error, worded once for all formats.
namespace block_errors {
[[nodiscard, gnu::cold]] Error started_twice(int index);
[[nodiscard, gnu::cold]] Error not_open(int index);
[[nodiscard, gnu::cold]] Error too_many();
[[nodiscard, gnu::cold]] Error wrong_kind(int index);
}  // namespace block_errors

/// The index of a block in an event. Errors: stream_error unless it is an integer from 0 to
/// INT_MAX.
[[nodiscard]] Result<int> block_index(const json::Value& value);

/// The content blocks of one streaming response, by their index. `Kind` is the format's enum.
template <typename Kind>
class BlockTable {
 public:
  using Block = StreamBlock<Kind>;

  /// The block with this index, or null. The pointer is valid until the next block starts.
  [[nodiscard]] Block* find(int index) {
    const auto found = std::ranges::find(blocks_, index, &Block::index);
    return found == blocks_.end() ? nullptr : &*found;
  }

  /// The open block of that kind with this index, or null: what a fast path may write to.
  [[nodiscard]] Block* find_open(int index, Kind kind) {
    Block* const block = find(index);
    return block != nullptr && block->is_open && block->kind == kind ? block : nullptr;
  }

  /// Starts a block. Errors: stream_error when it was started before, or after 10,000 blocks.
  [[nodiscard]] Result<Block*> start(int index, Kind kind) {
    if (find(index) != nullptr) return std::unexpected(block_errors::started_twice(index));
    if (blocks_.size() == kMaxContentBlocks) return std::unexpected(block_errors::too_many());
    return &blocks_.emplace_back(Block{.index = index, .kind = kind});
  }

  /// The block that a delta or a stop belongs to. Errors: stream_error when it is not open.
  [[nodiscard]] Result<Block*> open(int index) {
    Block* const block = find(index);
    if (block != nullptr && block->is_open) return block;
    return std::unexpected(block_errors::not_open(index));
  }

  /// Whether a block has started and not stopped.
  [[nodiscard]] bool any_open() const { return std::ranges::any_of(blocks_, &Block::is_open); }

 private:
  std::vector<Block> blocks_;
};

}  // namespace llm::bedrock
