#include <llm/health.hpp>

#include <algorithm>

#include "base/time.hpp"
#include "json/writer.hpp"
#include "llm/to_json.hpp"

namespace llm {
namespace {

void write_check(const HealthCheck& check, json::Writer& writer) {
  writer.begin_object().member("name", check.name).member("status", to_string(check.status));
  writer.key("duration_ms").integer(check.duration.count());
  writer.member("message", check.message);
  to_json_parts::write_text_or_null(check.advice, writer.key("advice"));
  to_json_parts::write_text_or_null(check.error ? to_string(*check.error) : std::string_view(),
                                    writer.key("error"));
  writer.end_object();
}

}  // namespace

std::string_view to_string(HealthStatus status) {
  switch (status) {
    case HealthStatus::pass:
      return "pass";
    case HealthStatus::fail:
      return "fail";
    case HealthStatus::unknown:
      return "unknown";
  }
  return "unknown";
}

bool HealthReport::healthy() const {
  const auto passed = [](const HealthCheck& check) { return check.status == HealthStatus::pass; };
  return !checks.empty() && std::ranges::all_of(checks, passed);
}

std::string to_json(const HealthReport& report) {
  json::Writer writer;
  writer.begin_object().key("healthy").boolean(report.healthy());
  writer.member("checked_at", base::iso8601(report.checked_at));
  writer.key("cached").boolean(report.cached);
  writer.key("checks").begin_array();
  for (const HealthCheck& check : report.checks) write_check(check, writer);
  writer.end_array().end_object();
  return std::move(writer).take();
}

}  // namespace llm
