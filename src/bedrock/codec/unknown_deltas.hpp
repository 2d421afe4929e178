#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <llm/chat.hpp>

namespace llm::bedrock {

/// The pieces of a stream whose kind is not known: each kind is warned of once (`unknown_delta`).
/// The first 16 are named, the rest is told of together, so that no stream makes the warnings, or
/// the search among them, grow without bound.
class UnknownDeltas {
 public:
  /// A piece of that kind was left out.
  void note(std::string_view kind, std::vector<Warning>& warnings);

 private:
  std::vector<std::string> named_;
  bool has_others_ = false;
};

}  // namespace llm::bedrock
