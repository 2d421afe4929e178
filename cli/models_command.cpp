#include <algorithm>
#include <cctype>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include <llm/bedrock/models.hpp>

#include "arguments.hpp"
#include "command.hpp"
#include "commands.hpp"
#include "connection.hpp"
#include "models_table.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

using llm::bedrock::ListedModel;
using llm::bedrock::ModelListing;

struct ModelsOptions {
  ConnectionOptions connection{};
  std::string filter{};
  std::string provider{};
  std::vector<std::string> capabilities{};
  bool online = false;
  bool all = false;
  bool json = false;

  /// An endpoint, like --online, means that the service is asked.
  [[nodiscard]] bool use_service() const {
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

bool has_capability(const llm::ModelInfo& model, std::string_view word) {
  if (word == "tools") return model.tools == llm::Support::yes;
  if (word == "vision") return model.vision == llm::Support::yes;
  if (word == "streaming") return model.streaming == llm::Support::yes;
  if (word == "reasoning") return model.reasoning == llm::Support::yes;
  if (word == "caching") return model.prompt_caching == llm::Support::yes;
  return model.mode == word;
}

bool is_selected(const ListedModel& model, const ModelsOptions& options) {
  const llm::ModelInfo& info = model.info;
  const bool is_unavailable =
      info.lifecycle == llm::Lifecycle::end_of_life || model.served == llm::Support::no;
  if (!options.all && is_unavailable) return false;
  const auto has = [&info](const std::string& word) { return has_capability(info, word); };
  if (!std::ranges::all_of(options.capabilities, has)) return false;
  if (!contains_ignoring_case(info.provider, options.provider)) return false;
  return contains_ignoring_case(info.id, options.filter) ||
         contains_ignoring_case(info.base_id, options.filter) ||
         contains_ignoring_case(info.name, options.filter) ||
         contains_ignoring_case(info.provider, options.filter);
}

llm::Result<ModelListing> list(const ModelsOptions& options, llm::bedrock::Options settings,
                               std::stop_token stop) {
  if (!options.use_service()) return llm::bedrock::known_models(settings);
  if (!options.connection.endpoint_url.empty()) {
    settings.control_endpoint = options.connection.endpoint_url;
  }
  return llm::bedrock::served_models(settings, std::move(stop));
}

void describe_listing(const ModelListing& listing, const ModelsOptions& options) {
  warn_all(listing.warnings);
  if (options.json || !stderr_is_terminal()) return;
  note("region " + listing.region + " (from " + listing.region_source + ")" +
       (options.use_service() ? "" : ", built-in catalogue; use --online to ask the service"));
}

ModelsOptions read_models_options(const Given& given) {
  return {.connection = connection_options(given),
          .filter = given.text(kFilter),
          .provider = given.text(kProvider),
          .capabilities = given.texts(kCan),
          .online = given.has(kOnline),
          .all = given.has(kAll),
          .json = given.has(kJsonArray)};
}

}  // namespace

ExitCode models_command(Arguments arguments) {
  const auto given = parse(kModels, arguments);
  if (!given) return given.error();
  const ModelsOptions options = read_models_options(*given);
  const Style style = options.json ? Style::json : Style::text;
  return with_settings(
      Connection::open_service(options.connection), style,
      [&](const llm::bedrock::Options& settings, std::stop_token stop) {
        auto listing = list(options, settings, std::move(stop));
        if (!listing) return fail(listing.error(), style);
        describe_listing(*listing, options);
        std::erase_if(listing->models,
                      [&](const ListedModel& model) { return !is_selected(model, options); });
        return print(options.json ? models_json(listing->models) : models_table(listing->models),
                     style);
      });
}

}  // namespace cli
