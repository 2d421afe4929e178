#include <fmt/format.h>

#include <chrono>
#include <string>
#include <utility>

#include <llm/bedrock/doctor.hpp>

#include "arguments.hpp"
#include "command.hpp"
#include "commands.hpp"
#include "connection.hpp"
#include "exit_code.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

constexpr std::size_t kMessageColumn = 29;

std::string_view mark(llm::HealthStatus status) {
  switch (status) {
    case llm::HealthStatus::pass:
      return "ok";
    case llm::HealthStatus::fail:
      return "FAIL";
    case llm::HealthStatus::unknown:
      return "?";
  }
  return "?";
}

std::string as_text(const llm::bedrock::Diagnosis& found) {
  std::string text =
      fmt::format("model      {}\nregion     {} (from {})\nendpoint   {} (from {})\n", found.model,
                  found.region, found.region_source, found.endpoint, found.endpoint_source);
  text += "identity   " + found.identity;
  if (!found.account_id.empty()) text += ", account " + found.account_id;
  if (found.latency) text += fmt::format("\nlatency    {} ms", found.latency->count());
  if (found.clock_offset) {
    const auto seconds = std::chrono::round<std::chrono::seconds>(*found.clock_offset);
    text += seconds.count() == 0 ? "\nclock      in step"
                                 : fmt::format("\nclock      {:+} s", seconds.count());
  }
  text += "\n\n";
  for (const llm::HealthCheck& check : found.health.checks) {
    text += fmt::format("{:4} {:12} {:>6} ms  {}\n", mark(check.status), check.name,
                        check.duration.count(), indented(check.message, kMessageColumn));
    if (!check.advice.empty()) {
      text += fmt::format("{:{}}→ {}\n", "", kMessageColumn, check.advice);
    }
  }
  for (const llm::Warning& warning : found.warnings) text += "note       " + warning.message + '\n';
  return text;
}

/// The exit code that a chat would end with, from the first check that failed.
ExitCode exit_code_of(const llm::HealthReport& health) {
  for (const llm::HealthCheck& check : health.checks) {
    if (check.status == llm::HealthStatus::fail && check.error) return exit_code(*check.error);
  }
  return health.healthy() ? ExitCode::success : ExitCode::service;
}

}  // namespace

ExitCode doctor_command(Arguments arguments) {
  ConnectionOptions given;
  bool json = false;
  CLI::App app(
      "Show which credentials, region and endpoint are used and why, and check whether the model "
      "can be called, with and without streaming. Sends at most two requests, which Bedrock "
      "rejects "
      "without billing. Exits with the code that a chat would.",
      "bedrock doctor");
  given.add_chat_options(app);
  app.add_flag("--json", json, "Print one JSON object");
  if (const auto ended = parse(app, arguments)) return *ended;
  const Style style = json ? Style::json : Style::text;

  return with_settings(Connection::open(given), style,
                       [&](const llm::bedrock::Options& options, std::stop_token stop) {
                         const auto found = llm::bedrock::diagnose(options, std::move(stop));
                         if (!found) return fail(found.error(), style);
                         const std::string text =
                             json ? llm::bedrock::to_json(*found) + '\n' : as_text(*found);
                         return print(text, style, exit_code_of(found->health));
                       });
}

}  // namespace cli
