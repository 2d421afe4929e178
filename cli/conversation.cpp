#include "conversation.hpp"

#include <histedit.h>
#include <langinfo.h>
#include <signal.h>

#include <clocale>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "answer.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

constexpr int kHistoryLength = 500;

/// Lines from a person, with editing and a history of this run. Nothing is kept on disk.
class LineEditor {
 public:
  LineEditor()
      : history_(::history_init(), &::history_end),
        editor_(::el_init("bedrock", stdin, stdout, stderr), &::el_end) {
    HistEvent event;
    ::history(history_.get(), &event, H_SETSIZE, kHistoryLength);
    ::history(history_.get(), &event, H_SETUNIQUE, 1);
    ::el_set(editor_.get(), EL_PROMPT, &prompt);
    ::el_set(editor_.get(), EL_EDITOR, "emacs");
    ::el_set(editor_.get(), EL_HIST, ::history, history_.get());
    // While a line is edited, Ctrl-C and Ctrl-Z are keys like any other: a signal could come
    // between two reads and be seen by none.
    ::el_set(editor_.get(), EL_SETTY, "-d", "-isig", nullptr);
    ::el_set(editor_.get(), EL_CLIENTDATA, this);
    // The wide form, because the other one leaks both texts.
    ::el_wset(editor_.get(), EL_ADDFN, L"drop-line", L"Forget the line", &drop_line);
    ::el_set(editor_.get(), EL_BIND, "^C", "drop-line", nullptr);
    ::el_wset(editor_.get(), EL_ADDFN, L"suspend", L"Stop until the shell says go on", &suspend);
    ::el_set(editor_.get(), EL_BIND, "^Z", "suspend", nullptr);
  }

  /// The next line without its end; an empty one after Ctrl-C; nullopt at the end of input.
  std::optional<std::string> read() {
    dropped_ = false;
    // Before the prompt is shown, or a key typed at its sight would still meet the cooked terminal.
    ::el_set(editor_.get(), EL_PREP_TERM, 1);
    int length = 0;
    const char* const line = ::el_gets(editor_.get(), &length);
    if (dropped_) {
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

  static unsigned char drop_line(EditLine* editor, int) {
    void* self = nullptr;
    ::el_get(editor, EL_CLIENTDATA, &self);
    static_cast<LineEditor*>(self)->dropped_ = true;
    return CC_EOF;
  }

  static unsigned char suspend(EditLine* editor, int) {
    ::el_set(editor, EL_PREP_TERM, 0);
    ::kill(0, SIGTSTP);
    ::el_set(editor, EL_PREP_TERM, 1);
    return CC_REDISPLAY;
  }

  bool dropped_ = false;
  std::unique_ptr<History, decltype(&::history_end)> history_;
  std::unique_ptr<EditLine, decltype(&::el_end)> editor_;
};

/// What is typed is read as UTF-8 also where the locale knows ASCII alone, which would lose it.
void use_locale() {
  constexpr std::string_view kAscii = "ANSI_X3.4-1968";
  std::setlocale(LC_CTYPE, "");
  if (::nl_langinfo(CODESET) == kAscii) std::setlocale(LC_CTYPE, "C.UTF-8");
}

}  // namespace

ExitCode converse(const llm::Client& client, const ChatOptions& options, Interrupt& interrupt) {
  use_locale();
  auto request = base_request(options);
  if (!request) {
    report(request.error(), options.style());
    return exit_code(request.error().code);
  }
  note("a conversation; Ctrl-C stops an answer, Ctrl-D ends it");
  LineEditor editor;
  Output output;
  bool first = true;
  while (std::optional<std::string> line = editor.read()) {
    if (line->empty()) continue;
    // Attachments belong to the first question that is answered.
    auto message = question(first ? options : ChatOptions{}, std::move(*line));
    if (!message) {
      report(message.error(), options.style());
      return exit_code(message.error().code);
    }
    request->messages.push_back(std::move(*message));
    Answered answered = ask(client, *request, options, interrupt.arm(), output);
    if (output.closed()) return ExitCode::success;
    if (answered.message.content.empty()) {
      // A question without an answer is not part of the conversation.
      request->messages.pop_back();
    } else {
      first = false;
      request->messages.push_back(std::move(answered.message));
    }
  }
  static_cast<void>(output.write("\n"));
  return ExitCode::success;
}

}  // namespace cli
