#include "local/router.hpp"

#include <array>
#include <vector>

#include "base/percent.hpp"
#include "base/text.hpp"

namespace llm::local {
namespace {

/// A path of the service; the segment `*` takes any label that is not empty.
struct Pattern {
  std::string_view method;
  std::string_view path;
  Operation operation;
};

constexpr std::array kPatterns{
    Pattern{"POST", "/model/*/invoke", Operation::invoke_model},
    Pattern{"POST", "/model/*/invoke-with-response-stream",
            Operation::invoke_model_with_response_stream},
    Pattern{"POST", "/model/*/converse", Operation::converse},
    Pattern{"POST", "/model/*/converse-stream", Operation::converse_stream},
    Pattern{"GET", "/foundation-models", Operation::list_foundation_models},
    Pattern{"GET", "/foundation-models/*", Operation::get_foundation_model},
};

/// The label where `path` has the shape of `pattern`; a pattern without `*` gives an empty one.
bool matches(std::string_view pattern, std::string_view path, std::string_view& label) {
  const std::vector<std::string_view> wanted = base::split(pattern, '/');
  const std::vector<std::string_view> found = base::split(path, '/');
  if (wanted.size() != found.size()) return false;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i] == "*" && !found[i].empty()) {
      label = found[i];
    } else if (wanted[i] != found[i]) {
      return false;
    }
  }
  return true;
}

}  // namespace

Route route(std::string_view method, std::string_view target) {
  const std::size_t mark = target.find('?');
  const std::string_view path = target.substr(0, mark);
  Route result;
  if (mark != std::string_view::npos) result.query = target.substr(mark + 1);

  for (const Pattern& pattern : kPatterns) {
    std::string_view label;
    if (pattern.method != method || !matches(pattern.path, path, label)) continue;
    const std::optional<std::string> decoded = base::percent_decode(label);
    if (!decoded) return result;
    result.operation = pattern.operation;
    result.resource = *decoded;
    return result;
  }
  return result;
}

}  // namespace llm::local
