#include "local/frontend/router.hpp"

#include <array>
#include <optional>
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
    Pattern{"POST", "/model/*/count-tokens", Operation::count_tokens},
    Pattern{"POST", "/guardrail/*/version/*/apply", Operation::apply_guardrail},
    Pattern{"GET", "/foundation-models", Operation::list_foundation_models},
    Pattern{"GET", "/foundation-models/*", Operation::get_foundation_model},
    Pattern{"GET", "/foundation-model-availability/*",
            Operation::get_foundation_model_availability},
    Pattern{"GET", "/inference-profiles", Operation::list_inference_profiles},
    Pattern{"GET", "/inference-profiles/*", Operation::get_inference_profile},
};

/// The decoded labels of a path that matches `pattern`, else nullopt.
std::optional<std::vector<std::string>> labels_of(std::string_view pattern, std::string_view path) {
  std::vector<std::string> labels;
  const std::vector<std::string_view> expected = base::split(pattern, '/');
  const std::vector<std::string_view> found = base::split(path, '/');
  if (expected.size() != found.size()) return std::nullopt;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    if (expected[i] == "*" && !found[i].empty()) {
      std::optional<std::string> label = base::percent_decode(found[i]);
      if (!label) return std::nullopt;
      labels.push_back(std::move(*label));
    } else if (expected[i] != found[i]) {
      return std::nullopt;
    }
  }
  return labels;
}

}  // namespace

Route route(std::string_view method, std::string_view target) {
  const std::size_t mark = target.find('?');
  const std::string_view path = target.substr(0, mark);
  Route result;
  if (mark != std::string_view::npos) result.query = target.substr(mark + 1);

  for (const Pattern& pattern : kPatterns) {
    if (pattern.method != method) continue;
    const auto labels = labels_of(pattern.path, path);
    if (!labels) continue;
    result.operation = pattern.operation;
    if (!labels->empty()) result.resource = labels->front();
    if (labels->size() > 1) result.version = labels->back();
    return result;
  }
  return result;
}

}  // namespace llm::local
