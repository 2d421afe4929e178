#include "conversation.hpp"

#include <histedit.h>

#include <clocale>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "answer.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

constexpr int kHistoryLength = 500;

/// Lines from a person, with editing and a history of this run. Nothing is kept on disk.
class LineEditor {
 public:
  explicit LineEditor(Interrupt& interrupt)
      : interrupt_(interrupt),
        history_(::history_init(), &::history_end),
        editor_(::el_init("bedrock", stdin, stdout, stderr), &::el_end) {
    HistEvent event;
    ::history(history_.get(), &event, H_SETSIZE, kHistoryLength);
    ::history(history_.get(), &event, H_SETUNIQUE, 1);
    ::el_set(editor_.get(), EL_PROMPT, &prompt);
    ::el_set(editor_.get(), EL_EDITOR, "emacs");
    ::el_set(editor_.get(), EL_HIST, ::history, history_.get());
  }

  /// The next line without its end; an empty one after Ctrl-C; nullopt at the end of input.
  std::optional<std::string> read() {
    static_cast<void>(interrupt_.arm());
    int length = 0;
    const char* const line = ::el_gets(editor_.get(), &length);
    if (interrupt_.take()) {
      ::el_reset(editor_.get());
      static_cast<void>(Output().write("\n"));
      return std::string();
    }
    if (line == nullptr || length <= 0) return std::nullopt;
    std::string text(line, static_cast<std::size_t>(length));
    while (text.ends_with('\n')) text.pop_back();
    if (!text.empty()) {
      HistEvent event;
      ::history(history_.get(), &event, H_ENTER, text.c_str());
    }
    return text;
  }

 private:
  static char* prompt(EditLine*) {
    static char text[] = "> ";
    return text;
  }

  Interrupt& interrupt_;
  std::unique_ptr<History, decltype(&::history_end)> history_;
  std::unique_ptr<EditLine, decltype(&::el_end)> editor_;
};

}  // namespace

ExitCode converse(const llm::Client& client, const ChatOptions& options, Interrupt& interrupt) {
  std::setlocale(LC_CTYPE, "");
  auto request = base_request(options);
  if (!request) {
    report(request.error(), options.style());
    return exit_code(request.error().code);
  }
  note("a conversation; Ctrl-C stops an answer, Ctrl-D ends it");
  LineEditor editor(interrupt);
  Output output;
  bool first = true;
  while (std::optional<std::string> line = editor.read()) {
    if (line->empty()) continue;
    // Attachments belong to the first question.
    auto message = question(first ? options : ChatOptions{}, std::move(*line));
    if (!message) {
      report(message.error(), options.style());
      return exit_code(message.error().code);
    }
    first = false;
    request->messages.push_back(std::move(*message));
    Answered answered = ask(client, *request, options, interrupt.arm(), output);
    if (output.closed()) return ExitCode::success;
    if (answered.message.content.empty()) {
      // A question without an answer is not part of the conversation.
      request->messages.pop_back();
    } else {
      request->messages.push_back(std::move(answered.message));
    }
  }
  static_cast<void>(output.write("\n"));
  return ExitCode::success;
}

}  // namespace cli
