#include "tests/fault_matrix/client_run.hpp"

#include <chrono>
#include <exception>
#include <memory>
#include <new>
#include <optional>
#include <utility>

#include <llm/async_client.hpp>
#include <llm/bedrock/client.hpp>
#include <llm/event_loop.hpp>

#include "tests/fault_matrix/exhaustion.hpp"
#include "tests/fault_matrix/expected.hpp"
#include "tests/fault_matrix/plan.hpp"
#include "tests/fault_matrix/response.hpp"
#include "tests/support/client_options.hpp"

namespace llm::fault_matrix {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

// More than the kernel takes of a request whose peer does not read.
constexpr std::size_t kLargePrompt = std::size_t{512} * 1024;
constexpr int kTries = 3;
constexpr auto kModel = "anthropic.claude-3-haiku-20240307-v1:0";

/// How a call ended.
struct Outcome {
  std::string text{};
  std::optional<Error> error{};
  int attempts = 0;
  std::string broken_rule{};      ///< One end, and nothing after it.
  bool is_out_of_memory = false;  ///< std::bad_alloc has left the call.
  milliseconds elapsed{};
};

ChatRequest question(std::string text = "Why is the sky blue?") {
  return {.messages = {Message::user(std::move(text))}};
}

bedrock::Options options_for(const ClientCell& cell, Limit limit, const std::string& url) {
  bedrock::Options options = test_support::options_at(url);
  options.model = kModel;
  options.lint = bedrock::Lint::off;
  options.max_retries = cell.retries == Retries::none ? 0 : 1;
  // For AWS_CA_BUNDLE; `prepare_environment` has removed the rest.
  if (cell.security == Security::tls) options.environment_use = bedrock::EnvironmentUse::use;
  const auto value = [limit](Limit which) { return limit == which ? kShortLimit : kLongLimit; };
  options.timeouts = {.connect = value(Limit::connect),
                      .first_byte_streaming = value(Limit::first_byte),
                      .first_byte_buffered = value(Limit::first_byte),
                      .idle = value(Limit::idle)};
  return options;
}

/// One client and what drives it.
class Rig {
 public:
  Rig(const bedrock::Options& options, Driver driver) : client_(*bedrock::create_client(options)) {
    if (driver == Driver::blocking) return;
    loop_ = *EventLoop::create();
    async_.emplace(client_, *loop_);
  }

  Outcome call(Mode mode, ChatRequest request, CallOptions options) {
    const auto begun = Clock::now();
    Outcome outcome;
    try {
      if (mode == Mode::stream && async_) {
        loop_stream(std::move(request), std::move(options), outcome);
      } else if (mode == Mode::stream) {
        blocking_stream(std::move(request), std::move(options), outcome);
      } else if (async_) {
        loop_whole(std::move(request), std::move(options), outcome);
      } else {
        take(client_.chat_completion(request, options), outcome);
      }
    } catch (const std::bad_alloc&) {
      outcome.is_out_of_memory = true;
    } catch (const std::exception& thrown) {
      outcome.broken_rule = std::string("an exception: ") + thrown.what();
    }
    outcome.elapsed = std::chrono::duration_cast<milliseconds>(Clock::now() - begun);
    return outcome;
  }

 private:
  static void take(const Result<ChatResponse>& result, Outcome& outcome) {
    if (result) {
      outcome.text = result->text();
      outcome.attempts = result->details.attempts;
    } else {
      outcome.attempts = result.error().attempts;
      outcome.error = result.error();
    }
  }

  static void take(const Result<Done>& end, Outcome& outcome) {
    outcome.attempts = end ? end->details.attempts : end.error().attempts;
    if (!end) outcome.error = end.error();
  }

  /// Runs the loop to the end of the call, of which there has to be one, whatever is thrown.
  void run_to_end(const int& ends, Outcome& outcome) {
    try {
      loop_->run();
    } catch (const std::bad_alloc&) {
      outcome.is_out_of_memory = true;
      loop_->run();
    }
    if (ends != 1) outcome.broken_rule = std::to_string(ends) + " ends of a call";
  }

  void loop_whole(ChatRequest request, CallOptions options, Outcome& outcome) {
    int ends = 0;
    async_->chat_completion(std::move(request), std::move(options),
                            [&](const Result<ChatResponse>& result) {
                              ++ends;
                              take(result, outcome);
                            });
    run_to_end(ends, outcome);
  }

  void loop_stream(ChatRequest request, CallOptions options, Outcome& outcome) {
    int ends = 0;
    async_->stream_chat_completion(std::move(request), std::move(options),
                                   {.on_event =
                                        [&](const StreamEvent& event) {
                                          if (ends > 0)
                                            outcome.broken_rule = "an event after the end";
                                          outcome.text += event.delta().text();
                                          return Flow::go_on;
                                        },
                                    .on_end =
                                        [&](const Result<Done>& end) {
                                          ++ends;
                                          take(end, outcome);
                                        }});
    run_to_end(ends, outcome);
  }

  void blocking_stream(ChatRequest request, CallOptions options, Outcome& outcome) {
    int ends = 0;
    for (const StreamEvent& event :
         client_.stream_chat_completion(std::move(request), std::move(options))) {
      if (ends > 0) outcome.broken_rule = "an event after the end";
      if (event.is_delta()) {
        outcome.text += event.delta().text();
        continue;
      }
      ++ends;
      take(event.is_done() ? Result<Done>(event.done()) : std::unexpected(event.error()), outcome);
    }
    if (ends != 1) outcome.broken_rule = std::to_string(ends) + " ends of a stream";
  }

  std::unique_ptr<EventLoop> loop_;
  Client client_;
  std::optional<AsyncClient> async_;
};

std::string describe(const Expected& rule) {
  if (rule.succeeds) return "\"" + rule.text + "\"";
  std::string text(to_string(rule.code));
  text += rule.is_retryable ? ", retryable" : ", not retryable";
  if (!rule.part.empty()) text += ", \"..." + std::string(rule.part) + "...\"";
  return text;
}

std::string describe(const Outcome& outcome) {
  if (!outcome.broken_rule.empty()) return outcome.broken_rule;
  if (outcome.is_out_of_memory && !outcome.error) return "std::bad_alloc";
  const std::string attempts = ", attempts " + std::to_string(outcome.attempts) + ", " +
                               std::to_string(outcome.elapsed.count()) + " ms";
  if (!outcome.error) return "\"" + outcome.text + "\"" + attempts;
  const Error& error = *outcome.error;
  return std::string(to_string(error.code)) +
         (error.retryable ? ", retryable" : ", not retryable") + ", \"" + error.message + "\"" +
         attempts;
}

/// Whether the call ended as the rule says.
bool holds(const Expected& rule, int attempts, const Outcome& outcome) {
  if (!outcome.broken_rule.empty() || outcome.attempts != attempts) return false;
  if (rule.succeeds) return !outcome.error && outcome.text == rule.text;
  if (!outcome.error) return false;
  const Error& error = *outcome.error;
  return error.code == rule.code && error.retryable == rule.is_retryable &&
         error.message.contains(rule.part) && error.message.ends_with('.') &&
         !(error.message + error.advice).contains(kFresh);
}

bool is_in_time(Limit limit, int attempts, milliseconds elapsed) {
  if (limit == Limit::none) return elapsed < kSlack;
  constexpr milliseconds kClockGrain{2};
  return elapsed + kClockGrain >= kShortLimit && elapsed < kShortLimit * attempts + kSlack;
}

/// A call that is not at fault may meet a short limit on a busy machine.
Outcome call_until_in_time(Rig& rig, const ClientCell& cell, Limit limit) {
  Outcome outcome;
  for (int i = 0; i < kTries; ++i) {
    outcome = rig.call(cell.mode, question(), {});
    const bool is_late =
        outcome.error && outcome.error->code == ErrorCode::timeout_error && limit != Limit::none;
    if (!is_late) break;
  }
  return outcome;
}

/// Out of memory: std::bad_alloc leaves the call, or it ends with internal_error, or it did not
/// need that much. There is one end in any case.
std::string check_without_memory(const ClientCell& cell, Rig& rig) {
  ChatRequest request = question();
  Outcome outcome;
  {
    const FailingAllocation failing(cell.number);
    outcome = rig.call(cell.mode, std::move(request), {});
  }
  const bool is_right =
      outcome.is_out_of_memory ||
      (outcome.error ? outcome.error->code == ErrorCode::internal_error : outcome.text == kFresh);
  return is_right && outcome.broken_rule.empty() ? "" : "without memory: " + describe(outcome);
}

std::string check_call(const ClientCell& cell, Rig& rig) {
  if (cell.fault == Fault::memory) return check_without_memory(cell, rig);
  Expected rule = expected(cell);
  const Limit limit = rule.limit;
  const int attempts = rule.is_sent_again && cell.retries != Retries::none ? 2 : 1;
  if (rule.is_sent_again && cell.retries == Retries::cured) {
    rule = {.succeeds = true, .text = std::string(kFresh), .why = "The next attempt is sound."};
  }
  CallOptions options;
  if (limit == Limit::total) options.timeout = kShortLimit;
  const bool is_large = cell.place == Place::request_body;
  ChatRequest request = is_large ? question(std::string(kLargePrompt, 'x')) : question();

  std::optional<NoDescriptors> none;
  if (cell.fault == Fault::descriptors) none.emplace();

  const Outcome outcome = rig.call(cell.mode, std::move(request), std::move(options));

  none.reset();
  if (!holds(rule, attempts, outcome)) {
    return "expected " + describe(rule) + ", attempts " + std::to_string(attempts) + " (" +
           std::string(rule.why) + ") seen " + describe(outcome);
  }
  if (!is_in_time(limit, attempts, outcome.elapsed)) {
    return "took " + std::to_string(outcome.elapsed.count()) + " ms";
  }
  return {};
}

}  // namespace

std::string run(const ClientCell& cell, SSL_CTX* tls) {
  Rendezvous rendezvous;
  HostileServer server(plan_of(cell, tls, rendezvous));
  const Limit limit = expected(cell).limit;
  Rig rig(options_for(cell, limit, server.url()), cell.driver);
  if (cell.place == Place::between_requests) {
    const Outcome first = call_until_in_time(rig, cell, limit);
    if (first.error) return "the first call failed: " + describe(first);
    server.behave();
    rendezvous.warmed_up.open();
    const bool is_idle =
        cell.position != Position::request_arrives && cell.fault != Fault::descriptors;
    if (is_idle && !rendezvous.broken.wait()) return "the server did not get to the fault";
  }
  std::string problem = check_call(cell, rig);
  server.behave();
  if (!problem.empty()) return problem;
  const Outcome next = call_until_in_time(rig, cell, limit);
  if (next.error || next.text != kFresh || !next.broken_rule.empty()) {
    return "the next call: " + describe(next);
  }
  return {};
}

}  // namespace llm::fault_matrix
