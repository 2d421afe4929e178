#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <llm/chat.hpp>

namespace llm::bedrock {

/// Warns once (`unknown_delta`) of each unknown kind of delta in a stream. The first 16 kinds are
/// named, all others share one warning, so that a hostile stream cannot make the list grow without
/// bound.
class UnknownDeltas {
 public:
  /// Notes that a delta of this kind was left out.
  void note(std::string_view kind, std::vector<Warning>& warnings);

 private:
  std::vector<std::string> named_;
  bool has_others_ = false;
};

}  // namespace llm::bedrock
