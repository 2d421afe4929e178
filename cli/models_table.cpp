#include "models_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace cli {
namespace {

using llm::bedrock::ListedModel;

std::string tokens(const std::optional<std::int64_t>& number) {
  if (!number) return "?";
  if (*number >= 1'000'000) return fmt::format("{:g}M", static_cast<double>(*number) / 1e6);
  if (*number >= 1000) return fmt::format("{}k", *number / 1000);
  return std::to_string(*number);
}

std::string dollars(const std::optional<double>& price) {
  return price ? fmt::format("{:g}", *price) : "?";
}

std::string capabilities(const llm::ModelInfo& model) {
  std::string text;
  const auto add = [&](llm::Support support, std::string_view word) {
    if (support != llm::Support::yes) return;
    if (!text.empty()) text += ',';
    text += word;
  };
  add(model.tools, "tools");
  add(model.vision, "vision");
  add(model.reasoning, "reasoning");
  add(model.prompt_caching, "caching");
  return text.empty() ? "-" : text;
}

std::string status(const ListedModel& model) {
  if (model.served == llm::Support::no) return "not in region";
  switch (model.info.lifecycle) {
    case llm::Lifecycle::active:
      return "active";
    case llm::Lifecycle::legacy:
      return "legacy " + model.info.end_of_life;
    case llm::Lifecycle::end_of_life:
      return "ended " + model.info.end_of_life;
    case llm::Lifecycle::unknown:
      return "?";
  }
  return "?";
}

}  // namespace

std::string models_table(std::span<const ListedModel> models) {
  std::size_t width = 8;
  for (const ListedModel& model : models) width = std::max(width, model.info.id.size());
  std::string text = fmt::format("{:{}}  {:>7}  {:>7}  {:>12}  {:17}  {}\n", "MODEL ID", width,
                                 "CONTEXT", "OUTPUT", "$ IN/OUT 1M", "STATUS", "CAPABILITIES");
  for (const ListedModel& model : models) {
    const llm::ModelInfo& info = model.info;
    text += fmt::format("{:{}}  {:>7}  {:>7}  {:>12}  {:17}  {}\n", info.id, width,
                        tokens(info.context_window), tokens(info.max_output_tokens),
                        dollars(info.price.input) + "/" + dollars(info.price.output), status(model),
                        capabilities(info));
  }
  return text;
}

std::string models_json(std::span<const ListedModel> models) {
  std::string text = "[";
  for (const ListedModel& model : models) {
    if (text.size() > 1) text += ",\n";
    text += llm::bedrock::to_json(model);
  }
  return text + "]\n";
}

}  // namespace cli
