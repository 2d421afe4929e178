#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/options/option.hpp"

namespace cli {

/// What may stand in the place of a word.
struct Candidate {
  std::string word;
  std::string help;  ///< A few words beside it; may be empty.
  friend bool operator==(const Candidate&, const Candidate&) = default;
};

/// Candidates, or the names of files, which the shell knows.
struct Completion {
  bool files = false;
  std::vector<Candidate> candidates{};
};

/// What a command line knows of its own: ids of models of a mode, profiles, regions.
using Names = std::function<std::vector<Candidate>(Completes what, std::string_view mode)>;

/// Completes the last word of the arguments of `bedrock`, which may be empty.
[[nodiscard]] Completion complete(std::span<const std::string> words, const Names& names);

/// The script with which a shell asks `bedrock completion words`; empty for another shell.
[[nodiscard]] std::string_view completion_script(std::string_view shell);

}  // namespace cli
