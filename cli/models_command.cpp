#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

#include <llm/bedrock/models.hpp>

#include "arguments.hpp"
#include "commands.hpp"
#include "connection.hpp"
#include "interrupt.hpp"
#include "models_table.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

using llm::bedrock::ListedModel;
using llm::bedrock::ModelListing;

struct ModelsOptions {
  ConnectionOptions connection;
  std::string filter;
  std::string provider;
  std::vector<std::string> abilities;
  bool online = false;
  bool all = false;
  bool json = false;

  /// Whoever says where the service is means it to be asked.
  [[nodiscard]] bool asks_service() const {
    return online || connection.local || !connection.endpoint_url.empty();
  }
};

bool contains_ignoring_case(std::string_view text, std::string_view part) {
  const auto same = [](char left, char right) {
    return std::tolower(static_cast<unsigned char>(left)) ==
           std::tolower(static_cast<unsigned char>(right));
  };
  return std::ranges::search(text, part, same).begin() != text.end() || part.empty();
}

bool has_ability(const llm::ModelInfo& model, std::string_view word) {
  if (word == "tools") return model.tools == llm::Support::yes;
  if (word == "vision") return model.vision == llm::Support::yes;
  if (word == "streaming") return model.streaming == llm::Support::yes;
  if (word == "reasoning") return model.reasoning == llm::Support::yes;
  if (word == "caching") return model.prompt_caching == llm::Support::yes;
  return model.mode == word;
}

bool wanted(const ListedModel& model, const ModelsOptions& options) {
  const llm::ModelInfo& info = model.info;
  const bool is_gone =
      info.lifecycle == llm::Lifecycle::end_of_life || model.served == llm::Support::no;
  if (!options.all && is_gone) return false;
  const auto can = [&info](const std::string& word) { return has_ability(info, word); };
  if (!std::ranges::all_of(options.abilities, can)) return false;
  if (!contains_ignoring_case(info.provider, options.provider)) return false;
  return contains_ignoring_case(info.id, options.filter) ||
         contains_ignoring_case(info.base_id, options.filter) ||
         contains_ignoring_case(info.name, options.filter) ||
         contains_ignoring_case(info.provider, options.filter);
}

llm::Result<ModelListing> list(const ModelsOptions& options) {
  const auto connection = Connection::open_place(options.connection);
  if (!connection) return std::unexpected(connection.error());
  llm::bedrock::Options settings = connection->options();
  if (!options.asks_service()) return llm::bedrock::known_models(settings);
  if (!options.connection.endpoint_url.empty()) {
    settings.control_endpoint = options.connection.endpoint_url;
  }
  Interrupt interrupt;
  return llm::bedrock::served_models(settings, interrupt.arm());
}

void say_origin(const ModelListing& listing, const ModelsOptions& options) {
  for (const llm::Warning& warning : listing.warnings) warn(warning.message);
  if (options.json || !stderr_is_terminal()) return;
  note("from " + listing.region + " (" + listing.region_source + ")" +
       (options.asks_service() ? "" : ", by the catalogue; --online asks the service"));
}

void add_options(CLI::App& app, ModelsOptions& options) {
  app.add_option("filter", options.filter, "Part of an id, a name or a provider");
  app.add_option("--provider", options.provider, "Part of a provider's name");
  app.add_option("--can", options.abilities, "Only those that can all of these; comma list")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(CLI::IsMember(
          {"tools", "vision", "streaming", "reasoning", "caching", "chat", "embedding"}));
  app.add_flag("--online", options.online,
               "Ask the service which models and profiles the region has (so do --local and "
               "--endpoint-url)");
  app.add_flag("--all", options.all,
               "Models past their end of life, and those that the region does not have, too");
  app.add_flag("--json", options.json, "Print an array of objects");
  options.connection.add_place_to(app);
}

}  // namespace

ExitCode models_command(std::span<const std::string> arguments) {
  ModelsOptions options;
  CLI::App app(
      "List models: which id to call from a region, how long, what it can do, price per million "
      "tokens, life cycle. By the built-in catalogue; with --online joined with what the service "
      "says.",
      "bedrock models");
  add_options(app, options);
  if (const auto ended = parse(app, arguments)) return *ended;

  const Style style = options.json ? Style::json : Style::text;
  auto listing = list(options);
  if (!listing) return fail(listing.error(), style);
  say_origin(*listing, options);
  std::erase_if(listing->models, [&](const ListedModel& model) { return !wanted(model, options); });
  return print(options.json ? models_json(listing->models) : models_table(listing->models), style);
}

}  // namespace cli
