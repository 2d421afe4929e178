#include "models_table.hpp"

#include <algorithm>
#include <optional>

#include "layout.hpp"

namespace cli {
namespace {

using llm::bedrock::ListedModel;

std::string tokens(const std::optional<std::int64_t>& number) {
  if (!number) return "?";
  if (*number >= 1'000'000) return short_number(static_cast<double>(*number) / 1e6) + "M";
  if (*number >= 1000) return std::to_string(*number / 1000) + "k";
  return std::to_string(*number);
}

std::string dollars(const std::optional<double>& price) {
  return price ? short_number(*price) : "?";
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

std::string row(std::size_t id_width, std::string_view id, std::string_view context,
                std::string_view output, std::string_view prices, std::string_view state,
                std::string_view abilities) {
  return left(id, id_width) + "  " + right(context, 7) + "  " + right(output, 7) + "  " +
         right(prices, 12) + "  " + left(state, 17) + "  " + std::string(abilities) + '\n';
}

}  // namespace

std::string models_table(std::span<const ListedModel> models) {
  std::size_t width = 8;
  for (const ListedModel& model : models) width = std::max(width, model.info.id.size());
  std::string text =
      row(width, "MODEL ID", "CONTEXT", "OUTPUT", "$ IN/OUT 1M", "STATUS", "CAPABILITIES");
  for (const ListedModel& model : models) {
    const llm::ModelInfo& info = model.info;
    text += row(width, info.id, tokens(info.context_window), tokens(info.max_output_tokens),
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
