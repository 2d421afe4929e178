#include "ask.hpp"

#include <utility>

#include "arguments.hpp"
#include "layout.hpp"

namespace cli {
namespace {

std::string cut_off(const std::optional<int>& limit, const ChatOptions& options) {
  const std::string cut = "The completion was cut off";
  if (!limit) {
    return cut + ": the model reached its output limit or the end of its context window.";
  }
  if (options.max_tokens) return cut + " at --max-tokens " + std::to_string(*limit) + '.';
  return cut + " at " + std::to_string(*limit) +
         " tokens, for which the command asks by itself. Set --max-tokens, to max for all that the "
         "model can do; in a conversation, ask it to go on.";
}

void warn_about_finish(llm::FinishReason reason, const llm::ChatRequest& request,
                       const ChatOptions& options) {
  if (reason == llm::FinishReason::length) {
    warn(cut_off(request.max_tokens, options));
  } else if (reason == llm::FinishReason::content_filter) {
    warn("The completion was stopped by a content filter, a guardrail or a refusal.");
  } else if (reason == llm::FinishReason::pause) {
    warn("The model paused a long turn. Send another message to let it continue.");
  }
}

void note_details(const llm::Usage& usage, const llm::ResponseDetails& details) {
  const auto count = [](const std::optional<std::int64_t>& number) {
    return number ? std::to_string(*number) : std::string("?");
  };
  std::string text = count(usage.prompt_tokens) + " tokens in, " + count(usage.completion_tokens) +
                     " out, " + std::to_string(details.attempts) +
                     (details.attempts == 1 ? " attempt" : " attempts");
  if (details.model_latency) {
    text += ", model " + std::to_string(details.model_latency->count()) + " ms";
  }
  if (details.cost_usd) text += ", about $" + fixed_number(*details.cost_usd);
  if (!details.request_id.empty()) text += ", request " + details.request_id;
  note(text);
}

/// Each tool call as one line of JSON, as docs/json.md describes.
std::string tool_call_lines(const llm::Message& message) {
  std::string lines;
  for (const llm::ToolCallContent& call : message.tool_calls()) lines += llm::to_json(call) + '\n';
  return lines;
}

/// Ends the printed text with a line feed and prints the tool calls.
bool print_rest(const llm::ChatResponse& response, Output& output) {
  if (response.choices.empty()) return true;
  const llm::Message& message = response.choices.front().message;
  const std::string text = message.text();
  std::string rest;
  if (!text.empty() && !text.ends_with('\n')) rest += '\n';
  return output.write(rest + tool_call_lines(message));
}

Asked finished(const llm::ChatResponse& response, const llm::ChatRequest& request,
               const ChatOptions& options) {
  Asked asked;
  if (!response.choices.empty()) asked.message = response.choices.front().message;
  if (options.format == Format::text) {
    warn_all(response.warnings);
    if (!response.choices.empty()) {
      warn_about_finish(response.choices.front().finish_reason, request, options);
    }
  }
  if (options.connection.debug) note_details(response.usage, response.details);
  return asked;
}

Asked ask_buffered(const llm::Client& client, const llm::ChatRequest& request,
                   const ChatOptions& options, std::stop_token stop, Output& output) {
  const auto response = client.chat_completion(request, {.stop = std::move(stop)});
  if (!response) return {.code = fail(response.error(), options.style())};
  const bool written = options.format == Format::json ? output.write(llm::to_json(*response) + '\n')
                                                      : output.write_completion(response->text()) &&
                                                            print_rest(*response, output);
  if (!written) return {.code = write_failure(output, options.style())};
  return finished(*response, request, options);
}

/// Prints the events of one stream.
class EventPrinter {
 public:
  EventPrinter(Format format, Output& output) : format_(format), output_(output) {}

  /// False if it could not be written.
  bool print(const llm::StreamEvent& event) {
    if (format_ == Format::stream_json) return output_.write(llm::to_json(event) + '\n');
    if (!event.is_delta()) {
      end_reasoning();
      return true;
    }
    if (const auto* const reasoning = std::get_if<llm::ReasoningDelta>(&event.delta().content)) {
      dim(reasoning->text);
      if (!reasoning->text.empty()) in_reasoning_ = !reasoning->text.ends_with('\n');
      return true;
    }
    const std::string_view text = event.delta().text();
    if (text.empty()) return true;
    end_reasoning();
    return output_.write_completion(text);
  }

 private:
  /// What follows begins on a line of its own.
  void end_reasoning() {
    if (in_reasoning_) dim("\n");
    in_reasoning_ = false;
  }

  Format format_;
  Output& output_;
  bool in_reasoning_ = false;
};

Asked ask_streaming(const llm::Client& client, const llm::ChatRequest& request,
                    const ChatOptions& options, std::stop_token stop, Output& output) {
  llm::ChatStream stream = client.stream_chat_completion(request, {.stop = std::move(stop)});
  EventPrinter printer(options.format, output);
  bool printed_text = false;
  for (const llm::StreamEvent& event : stream) {
    if (!printer.print(event)) return {.code = write_failure(output, options.style())};
    printed_text = printed_text || (event.is_delta() && !event.delta().text().empty());
    if (!event.is_error()) continue;
    // The text so far stays on the screen; the error begins on a line of its own.
    if (printed_text && options.format == Format::text && output.is_terminal()) {
      static_cast<void>(output.write("\n"));
    }
    return {.code = fail(event.error(), options.style())};
  }
  const auto response = stream.collect();
  if (!response) return {.code = fail(response.error(), options.style())};
  if (options.format == Format::text && !print_rest(*response, output)) {
    return {.code = write_failure(output, options.style())};
  }
  return finished(*response, request, options);
}

}  // namespace

Asked ask(const llm::Client& client, const llm::ChatRequest& request, const ChatOptions& options,
          std::stop_token stop, Output& output) {
  const bool buffered =
      options.format == Format::json || (options.no_stream && options.format == Format::text);
  return buffered ? ask_buffered(client, request, options, std::move(stop), output)
                  : ask_streaming(client, request, options, std::move(stop), output);
}

}  // namespace cli
