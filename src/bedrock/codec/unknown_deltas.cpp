#include "bedrock/codec/unknown_deltas.hpp"

#include <algorithm>
#include <cstddef>

namespace llm::bedrock {
namespace {

constexpr std::size_t kMaxNamed = 16;
constexpr std::size_t kMaxNameBytes = 64;  // A longer one is not worth naming.

}  // namespace

void UnknownDeltas::note(std::string_view kind, std::vector<Warning>& warnings) {
  if (std::ranges::find(named_, kind) != named_.end()) return;
  if (named_.size() < kMaxNamed && kind.size() <= kMaxNameBytes) {
    named_.emplace_back(kind);
    warnings.push_back({"unknown_delta", "Deltas of the unknown kind \"" + named_.back() +
                                             "\" were left out of the response."});
    return;
  }
  if (has_others_) return;
  has_others_ = true;
  warnings.push_back(
      {"unknown_delta", "Deltas of further unknown kinds were left out of the response."});
}

}  // namespace llm::bedrock
