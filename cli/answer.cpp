#include "answer.hpp"

#include <fmt/format.h>

#include <utility>

#include "arguments.hpp"

namespace cli {
namespace {

void say_warnings(const std::vector<llm::Warning>& warnings) {
  for (const llm::Warning& warning : warnings) warn(warning.message);
}

void say_finish(llm::FinishReason reason, const llm::ChatRequest& request) {
  if (reason == llm::FinishReason::length) {
    warn(request.max_tokens
             ? fmt::format("the answer was cut at --max-tokens {}", *request.max_tokens)
             : "the answer was cut: the model reached its longest answer or its context window");
  } else if (reason == llm::FinishReason::content_filter) {
    warn("the answer was stopped by a content filter, a guardrail or a refusal");
  } else if (reason == llm::FinishReason::pause) {
    warn("the model paused a long turn; ask again to let it go on");
  }
}

void say_details(const llm::Usage& usage, const llm::ResponseDetails& details) {
  const auto count = [](const std::optional<std::int64_t>& number) {
    return number ? std::to_string(*number) : std::string("?");
  };
  std::string text = fmt::format("{} tokens in, {} out, {} attempt{}", count(usage.prompt_tokens),
                                 count(usage.completion_tokens), details.attempts,
                                 details.attempts == 1 ? "" : "s");
  if (details.model_latency) text += fmt::format(", model {} ms", details.model_latency->count());
  if (details.cost_usd) text += fmt::format(", about ${:.6f}", *details.cost_usd);
  if (!details.request_id.empty()) text += ", request " + details.request_id;
  note(text);
}

/// A tool call as a line of its own, in the form of docs/json.md.
std::string tool_lines(const llm::Message& message) {
  std::string lines;
  for (const llm::ToolCallContent& call : message.tool_calls()) lines += llm::to_json(call) + '\n';
  return lines;
}

/// Prints what a finished answer has besides its streamed text.
bool print_rest(const llm::ChatResponse& response, Output& output) {
  if (response.choices.empty()) return true;
  const llm::Message& message = response.choices.front().message;
  const std::string text = message.text();
  std::string rest;
  if (!text.empty() && !text.ends_with('\n')) rest += '\n';
  return output.write(rest + tool_lines(message));
}

Answered finished(const llm::ChatResponse& response, const llm::ChatRequest& request,
                  const ChatOptions& options) {
  Answered answered;
  if (!response.choices.empty()) answered.message = response.choices.front().message;
  if (options.format == Format::text) {
    say_warnings(response.warnings);
    if (!response.choices.empty()) say_finish(response.choices.front().finish_reason, request);
  }
  if (options.connection.debug) say_details(response.usage, response.details);
  return answered;
}

Answered ask_whole(const llm::Client& client, const llm::ChatRequest& request,
                   const ChatOptions& options, std::stop_token stop, Output& output) {
  const auto response = client.chat_completion(request, {.stop = std::move(stop)});
  if (!response) {
    report(response.error(), options.style());
    return {.code = exit_code(response.error().code)};
  }
  const bool written = options.format == Format::json
                           ? output.write(llm::to_json(*response) + '\n')
                           : output.write_answer(response->text()) && print_rest(*response, output);
  if (!written) return {.code = write_failure(output, options.style())};
  return finished(*response, request, options);
}

/// Prints the events of one answer.
class EventPrinter {
 public:
  EventPrinter(Format format, Output& output) : format_(format), output_(output) {}

  /// False when it cannot be written.
  bool print(const llm::StreamEvent& event) {
    if (format_ == Format::stream_json) return output_.write(llm::to_json(event) + '\n');
    if (!event.is_delta()) {
      end_thought();
      return true;
    }
    if (const auto* const thought = std::get_if<llm::ReasoningDelta>(&event.delta().content)) {
      dim(thought->text);
      if (!thought->text.empty()) in_thought_ = !thought->text.ends_with('\n');
      return true;
    }
    const std::string_view text = event.delta().text();
    if (text.empty()) return true;
    end_thought();
    return output_.write_answer(text);
  }

 private:
  /// What follows begins on a line of its own.
  void end_thought() {
    if (in_thought_) dim("\n");
    in_thought_ = false;
  }

  Format format_;
  Output& output_;
  bool in_thought_ = false;
};

Answered ask_streamed(const llm::Client& client, const llm::ChatRequest& request,
                      const ChatOptions& options, std::stop_token stop, Output& output) {
  llm::ChatStream stream = client.stream_chat_completion(request, {.stop = std::move(stop)});
  EventPrinter printer(options.format, output);
  bool anything = false;
  for (const llm::StreamEvent& event : stream) {
    if (!printer.print(event)) {
      return {.code = write_failure(output, options.style())};
    }
    anything = anything || (event.is_delta() && !event.delta().text().empty());
    if (!event.is_error()) continue;
    // The text so far stays as it is; the error begins on a line of its own.
    if (anything && options.format == Format::text && output.is_terminal()) {
      static_cast<void>(output.write("\n"));
    }
    report(event.error(), options.style());
    return {.code = exit_code(event.error().code)};
  }
  const auto response = stream.collect();
  if (!response) {
    report(response.error(), options.style());
    return {.code = exit_code(response.error().code)};
  }
  if (options.format == Format::text && !print_rest(*response, output)) {
    return {.code = write_failure(output, options.style())};
  }
  return finished(*response, request, options);
}

}  // namespace

Answered ask(const llm::Client& client, const llm::ChatRequest& request, const ChatOptions& options,
             std::stop_token stop, Output& output) {
  const bool whole =
      options.format == Format::json || (options.no_stream && options.format == Format::text);
  return whole ? ask_whole(client, request, options, std::move(stop), output)
               : ask_streamed(client, request, options, std::move(stop), output);
}

}  // namespace cli
