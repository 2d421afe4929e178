#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include <llm/bedrock/models.hpp>

#include "arguments.hpp"
#include "cli/options/complete.hpp"
#include "commands.hpp"
#include "profile_names.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

/// Regions with Bedrock Runtime (AWS General Reference, "Amazon Bedrock endpoints and quotas").
constexpr auto kRegions = std::to_array<std::string_view>(
    {"us-east-1",      "us-east-2",      "us-west-1",      "us-west-2",      "ca-central-1",
     "ca-west-1",      "sa-east-1",      "mx-central-1",   "eu-central-1",   "eu-central-2",
     "eu-north-1",     "eu-south-1",     "eu-south-2",     "eu-west-1",      "eu-west-2",
     "eu-west-3",      "il-central-1",   "me-central-1",   "me-south-1",     "af-south-1",
     "ap-east-2",      "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1",
     "ap-south-2",     "ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4",
     "ap-southeast-5", "ap-southeast-7", "us-gov-east-1",  "us-gov-west-1"});

/// The ids to call from the region in use; a broken configuration completes nothing.
std::vector<Candidate> model_names(std::string_view mode) {
  std::vector<Candidate> names;
  const auto listing = llm::bedrock::known_models({});
  if (!listing) return names;
  for (const llm::bedrock::ListedModel& model : listing->models) {
    const llm::ModelInfo& info = model.info;
    if (info.mode != mode || info.lifecycle == llm::Lifecycle::end_of_life) continue;
    names.push_back({info.id, info.name});
  }
  return names;
}

std::vector<Candidate> names_of(Completes what, std::string_view mode) {
  std::vector<Candidate> names;
  if (what == Completes::model) return model_names(mode);
  if (what == Completes::profile) {
    for (std::string& name : profile_names()) names.push_back({std::move(name), {}});
  }
  if (what == Completes::region) {
    for (const std::string_view region : kRegions) names.push_back({std::string(region), {}});
  }
  return names;
}

/// What the scripts read: `files` or `words`, then a candidate a line, and its help after a tab.
std::string as_lines(const Completion& completion) {
  if (completion.files) return "files\n";
  std::string lines = "words\n";
  for (const Candidate& candidate : completion.candidates) {
    lines += candidate.word + '\t' + candidate.help + '\n';
  }
  return lines;
}

}  // namespace

ExitCode completion_command(Arguments arguments) {
  if (arguments.size() > 1 && arguments[0] == "words" && arguments[1] == "--") {
    return print(as_lines(complete(arguments.subspan(2), names_of)), Style::text);
  }
  const auto given = parse(kCompletion, arguments);
  if (!given) return given.error();
  if (!given->has(kShell)) {
    return fail(llm::make_error(llm::ErrorCode::configuration_error, "No shell was named.",
                                "Name " + alternatives(kShells) + "."),
                Style::text);
  }
  return print(completion_script(given->text(kShell)), Style::text);
}

}  // namespace cli
