#include <array>
#include <string>
#include <type_traits>
#include <utility>

#include <llm/local/script.hpp>

#include "json/reader.hpp"
#include "local/script/faults.hpp"
#include "local/script/object.hpp"

namespace llm::local {
namespace {

constexpr std::array kStopReasons{std::string_view("end_turn"), std::string_view("max_tokens"),
                                  std::string_view("stop_sequence"), std::string_view("tool_use")};
constexpr std::array kHttpEnds{std::string_view("missing"), std::string_view("proper")};
constexpr int kLeastStatus = 200;
constexpr int kMostStatus = 599;

/// What operations are called, in the order of Operation, `unknown` left out.
std::vector<std::string_view> operation_names() {
  std::vector<std::string_view> names;
  for (int i = 1; !to_string(static_cast<Operation>(i)).empty(); ++i) {
    names.push_back(to_string(static_cast<Operation>(i)));
  }
  return names;
}

int status_of(ScriptObject& object, int fallback) {
  return static_cast<int>(object.number("status", kLeastStatus, kMostStatus).value_or(fallback));
}

std::size_t after_events(ScriptObject& object) { return object.count("after_events").value_or(0); }

void read(ScriptObject& object, fault::Exception& fault) {
  fault = {.name = object.required_name("name"),
           .message = object.text("message"),
           .status = status_of(object, 0),
           .retry_after = object.milliseconds("retry_after_ms"),
           .after_events = object.count("after_events")};
}
void read(ScriptObject& object, fault::ErrorMessage& fault) {
  fault = {.code = object.name("code", fault.code),
           .message = object.header_text("message"),
           .after_events = after_events(object)};
}
void read(ScriptObject& object, fault::Truncation& fault) {
  fault = {.after_bytes = object.count("after_bytes").value_or(0),
           .end = static_cast<fault::HttpEnd>(object.word("http_end", kHttpEnds).value_or(0))};
}
void read(ScriptObject& object, fault::DamagedChecksum& fault) {
  fault.after_events = after_events(object);
}
void read(ScriptObject& object, fault::Stall& fault) {
  fault = {.after_events = after_events(object), .duration = object.milliseconds("duration_ms")};
}
void read(ScriptObject& object, fault::SlowFirstByte& fault) {
  fault.delay = object.milliseconds("delay_ms").value_or(fault.delay);
}
void read(ScriptObject& object, fault::Reset& fault) {
  fault.after_bytes = object.count("after_bytes");
}
void read(ScriptObject&, fault::EmptyReply&) {}
void read(ScriptObject& object, fault::HtmlPage& fault) {
  fault.status = status_of(object, fault.status);
}
void read(ScriptObject& object, fault::ErrorInSuccess& fault) {
  fault.name = object.text("name", fault.name);
}
void read(ScriptObject& object, fault::ClockOffset& fault) {
  constexpr std::int64_t kMostSeconds = 1'000'000'000;
  const auto seconds = object.number("offset_seconds", -kMostSeconds, kMostSeconds);
  fault.offset = std::chrono::seconds(seconds.value_or(0));
}

template <std::size_t... I>
Fault fault_of_kind(std::size_t kind, ScriptObject& object, std::index_sequence<I...>) {
  Fault fault;
  const auto take = [&](auto alternative) {
    read(object, alternative);
    fault = std::move(alternative);
  };
  ((I == kind ? take(std::variant_alternative_t<I, Fault>{}) : void()), ...);
  return fault;
}

Fault read_fault(ScriptObject object) {
  if (!object.has("kind")) object.complain("needs a \"kind\"");
  const std::optional<std::size_t> kind = object.word("kind", kFaultKinds);
  if (!kind) return {};
  Fault fault = fault_of_kind(*kind, object, std::make_index_sequence<kFaultKinds.size()>());
  object.finish();
  return fault;
}

ScriptedCompletion read_completion(ScriptObject object) {
  ScriptedCompletion completion{.text = object.text("text"), .reasoning = object.text("reasoning")};
  for (ScriptObject& call : object.objects("tool_calls")) {
    completion.tool_calls.push_back(
        {.name = call.required_name("name"),
         .arguments = Json::from_valid_text(call.json_object("arguments"))});
    call.finish();
  }
  if (const auto reason = object.word("stop_reason", kStopReasons)) {
    completion.stop_reason = static_cast<StopReason>(*reason);
  }
  object.finish();
  return completion;
}

Match read_match(ScriptObject object) {
  Match match{.prompt = object.text("prompt"), .model = object.text("model")};
  if (const auto operation = object.word("operation", operation_names())) {
    match.operation = static_cast<Operation>(*operation + 1);
  }
  match.call = object.count("call", 1);
  match.access_key_id = object.text("access_key_id");
  object.finish();
  return match;
}

Rule read_rule(ScriptObject& object) {
  Rule rule{.match = read_match(object.object("match")),
            .skip = object.count("skip").value_or(0),
            .times = object.count("times", 1)};
  if (object.has("completion")) rule.completion = read_completion(object.object("completion"));
  if (object.has("fault")) rule.fault = read_fault(object.object("fault"));
  object.finish();
  const bool is_clock = rule.fault && std::holds_alternative<fault::ClockOffset>(*rule.fault);
  if (is_clock && (rule.completion || !rule.match.prompt.empty())) {
    object.complain("has a clock_offset, which comes before prompts and answers: remove them");
  }
  return rule;
}

}  // namespace

Result<std::vector<Rule>> parse_script(std::string_view json, std::string_view file) {
  json::Parser parser;
  const Result<json::Value> root = parser.parse(json);
  ScriptProblem problem;
  if (!root) problem.say("it is no JSON:", root.error().message);

  std::vector<Rule> rules;
  if (root) {
    ScriptObject object(*root, "", problem);
    if (!object.has("rules")) problem.say("\"rules\"", "is missing");
    for (ScriptObject& rule : object.objects("rules")) rules.push_back(read_rule(rule));
    object.finish();
  }
  if (problem.text.empty()) return rules;
  const std::string name = file.empty() ? "" : " \"" + std::string(file) + "\"";
  return std::unexpected(make_error(ErrorCode::configuration_error,
                                    "cannot read the script" + name + ": " + problem.text +
                                        "; docs/local-bedrock.md has an example"));
}

}  // namespace llm::local
