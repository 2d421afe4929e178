#include <chrono>
#include <string>
#include <utility>

#include <llm/bedrock/doctor.hpp>

#include "arguments.hpp"
#include "command.hpp"
#include "commands.hpp"
#include "connection.hpp"
#include "exit_code.hpp"
#include "layout.hpp"
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
  std::string text = "model      " + found.model + '\n';
  text += "region     " + found.region + " (from " + found.region_source + ")\n";
  text += "endpoint   " + found.endpoint + " (from " + found.endpoint_source + ")\n";
  text += "identity   " + found.identity;
  if (!found.account_id.empty()) text += ", account " + found.account_id;
  if (found.latency) text += "\nlatency    " + std::to_string(found.latency->count()) + " ms";
  if (found.clock_offset) {
    const auto seconds = std::chrono::round<std::chrono::seconds>(*found.clock_offset);
    text += seconds.count() == 0 ? "\nclock      in step"
                                 : std::string("\nclock      ") + (seconds.count() > 0 ? "+" : "") +
                                       std::to_string(seconds.count()) + " s";
  }
  text += "\n\n";
  for (const llm::HealthCheck& check : found.health.checks) {
    text += left(mark(check.status), 4) + ' ' + left(check.name, 12) + ' ' +
            right(std::to_string(check.duration.count()), 6) + " ms  " +
            indented(check.message, kMessageColumn) + '\n';
    if (!check.advice.empty()) {
      text += left({}, kMessageColumn) + "→ " + check.advice + '\n';
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
  const auto given = parse(kDoctor, arguments);
  if (!given) return given.error();
  const bool json = given->has(kJsonObject);
  const Style style = json ? Style::json : Style::text;

  return with_settings(Connection::open(connection_options(*given)), style,
                       [&](const llm::bedrock::Options& options, std::stop_token stop) {
                         const auto found = llm::bedrock::diagnose(options, std::move(stop));
                         if (!found) return fail(found.error(), style);
                         const std::string text =
                             json ? llm::bedrock::to_json(*found) + '\n' : as_text(*found);
                         return print(text, style, exit_code_of(found->health));
                       });
}

}  // namespace cli
