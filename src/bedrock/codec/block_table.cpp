#include "bedrock/codec/block_table.hpp"

#include <limits>
#include <string>

#include "bedrock/codec/stream_decoder.hpp"

namespace llm::bedrock {
namespace block_errors {

Error started_twice(int index) {
  return malformed_stream("Block " + std::to_string(index) + " starts twice.");
}

Error not_open(int index) {
  return malformed_stream("An event is for block " + std::to_string(index) +
                          ", which is not open.");
}

Error too_many() { return malformed_stream("It has more than 10000 content blocks."); }

Error wrong_kind(int index) {
  return malformed_stream("Block " + std::to_string(index) + " receives a delta of another kind.");
}

}  // namespace block_errors

Result<int> block_index(const json::Value& value) {
  const auto index = value.integer();
  if (index && *index >= 0 && *index <= std::numeric_limits<int>::max()) {
    return static_cast<int>(*index);
  }
  return std::unexpected(malformed_stream("An event has no valid block index."));
}

}  // namespace llm::bedrock
