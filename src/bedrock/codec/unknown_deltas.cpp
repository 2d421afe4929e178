#include "bedrock/codec/unknown_deltas.hpp"

#include <algorithm>
#include <cstddef>

namespace llm::bedrock {
namespace {

constexpr std::size_t kMaxNamed = 16;
constexpr std::size_t kMaxNameBytes = 64;  // A longer one is no word that anybody could look up.

}  // namespace

void UnknownDeltas::note(std::string_view kind, std::vector<Warning>& warnings) {
  if (std::ranges::find(named_, kind) != named_.end()) return;
  if (named_.size() < kMaxNamed && kind.size() <= kMaxNameBytes) {
    named_.emplace_back(kind);
    warnings.push_back({"unknown_delta", "the stream held pieces of the unknown kind \"" +
                                             named_.back() + "\", which were left out"});
    return;
  }
  if (has_others_) return;
  has_others_ = true;
  warnings.push_back(
      {"unknown_delta", "the stream held pieces of further unknown kinds, which were left out"});
}

}  // namespace llm::bedrock
