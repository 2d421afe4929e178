#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include <llm/bedrock/models.hpp>

#include "arguments.hpp"
#include "commands.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

struct ModelsOptions {
  std::string filter;
  std::string region = "us-east-1";
  bool all = false;
  bool json = false;
};

bool contains_ignoring_case(std::string_view text, std::string_view part) {
  const auto same = [](char left, char right) {
    return std::tolower(static_cast<unsigned char>(left)) ==
           std::tolower(static_cast<unsigned char>(right));
  };
  return std::ranges::search(text, part, same).begin() != text.end() || part.empty();
}

bool wanted(const llm::ModelInfo& model, const ModelsOptions& options) {
  if (!options.all && model.lifecycle == llm::Lifecycle::end_of_life) return false;
  return contains_ignoring_case(model.base_id, options.filter) ||
         contains_ignoring_case(model.name, options.filter) ||
         contains_ignoring_case(model.provider, options.filter);
}

std::string tokens(const std::optional<std::int64_t>& number) {
  if (!number) return "?";
  if (*number >= 1'000'000) return fmt::format("{:g}M", static_cast<double>(*number) / 1e6);
  if (*number >= 1000) return fmt::format("{}k", *number / 1000);
  return std::to_string(*number);
}

std::string dollars(const std::optional<double>& price) {
  return price ? fmt::format("{:g}", *price) : "?";
}

std::string features(const llm::ModelInfo& model) {
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

std::string life(const llm::ModelInfo& model) {
  switch (model.lifecycle) {
    case llm::Lifecycle::active:
      return "active";
    case llm::Lifecycle::legacy:
      return "legacy " + model.end_of_life;
    case llm::Lifecycle::end_of_life:
      return "ended " + model.end_of_life;
    case llm::Lifecycle::unknown:
      return "?";
  }
  return "?";
}

std::string table(const std::vector<llm::ModelInfo>& models) {
  std::size_t width = 8;
  for (const llm::ModelInfo& model : models) width = std::max(width, model.id.size());
  std::string text = fmt::format("{:{}}  {:>7}  {:>7}  {:>12}  {:14}  {}\n", "CALL", width,
                                 "CONTEXT", "OUTPUT", "$ IN/OUT 1M", "LIFE", "FEATURES");
  for (const llm::ModelInfo& model : models) {
    text += fmt::format("{:{}}  {:>7}  {:>7}  {:>12}  {:14}  {}\n", model.id, width,
                        tokens(model.context_window), tokens(model.max_output_tokens),
                        dollars(model.price.input) + "/" + dollars(model.price.output), life(model),
                        features(model));
  }
  return text;
}

std::string json_lines(const std::vector<llm::ModelInfo>& models) {
  std::string text = "[";
  for (const llm::ModelInfo& model : models) {
    if (text.size() > 1) text += ",\n";
    text += llm::to_json(model);
  }
  return text + "]\n";
}

}  // namespace

ExitCode models_command(std::span<const std::string> arguments) {
  ModelsOptions options;
  CLI::App app(
      "List the models of the built-in catalogue: which id to call from a region, how long, what "
      "it can do, price per million tokens, life cycle.",
      "bedrock models");
  app.add_option("filter", options.filter, "Part of an id, a name or a provider");
  app.add_option("--region", options.region, "Region to call from")->envname("AWS_REGION");
  app.add_flag("--all", options.all, "Models past their end of life too");
  app.add_flag("--json", options.json, "Print an array of objects");
  if (const auto ended = parse(app, arguments)) return *ended;

  std::vector<llm::ModelInfo> chosen;
  for (llm::ModelInfo& model : llm::bedrock::catalogue(options.region)) {
    if (wanted(model, options)) chosen.push_back(std::move(model));
  }
  Output output;
  const bool written = output.write(options.json ? json_lines(chosen) : table(chosen));
  return written || output.closed() ? ExitCode::success : ExitCode::internal;
}

}  // namespace cli
