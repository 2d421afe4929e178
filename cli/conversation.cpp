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

#include "arguments.hpp"
#include "ask.hpp"
#include "input_file.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

constexpr int kHistoryLength = 500;

/// Reads lines with editing and with a history of this run, which is not stored on disk.
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
    // While a line is edited, Ctrl-C and Ctrl-Z are ordinary keys: a signal that arrived between
    // two reads would be lost.
    ::el_set(editor_.get(), EL_SETTY, "-d", "-isig", nullptr);
    ::el_set(editor_.get(), EL_CLIENTDATA, this);
    // The wide variant, because the narrow one leaks both texts.
    ::el_wset(editor_.get(), EL_ADDFN, L"drop-line", L"Discard the line", &drop_line);
    ::el_set(editor_.get(), EL_BIND, "^C", "drop-line", nullptr);
    ::el_wset(editor_.get(), EL_ADDFN, L"suspend", L"Stop until the shell continues", &suspend);
    ::el_set(editor_.get(), EL_BIND, "^Z", "suspend", nullptr);
  }

  /// The next line without its line feed; empty after Ctrl-C; nullopt at the end of input.
  std::optional<std::string> read() {
    dropped_ = false;
    // Before the prompt is shown: a key pressed at once must not reach the terminal in cooked mode.
    ::el_set(editor_.get(), EL_PREP_TERM, 1);
    int length = 0;
    const char* const line = ::el_gets(editor_.get(), &length);
    if (dropped_) {
      static_cast<void>(Output().write("\n"));
      return std::string();
    }
    if (line == nullptr || length <= 0) return std::nullopt;
    std::string text = without_line_end({line, static_cast<std::size_t>(length)});
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

/// Reads input as UTF-8 even if the locale is ASCII, which would lose characters.
void use_locale() {
  constexpr std::string_view kAscii = "ANSI_X3.4-1968";
  std::setlocale(LC_CTYPE, "");
  if (::nl_langinfo(CODESET) == kAscii) std::setlocale(LC_CTYPE, "C.UTF-8");
}

}  // namespace

ExitCode converse(const llm::Client& client, const ChatOptions& options, Interrupt& interrupt) {
  use_locale();
  auto request = base_request(options);
  if (!request) return fail(request.error(), options.style());
  request->max_tokens = output_limit(options, client);
  note("conversation: Ctrl-C stops a response, Ctrl-D ends the conversation");
  LineEditor editor;
  Output output;
  bool first = true;
  while (std::optional<std::string> line = editor.read()) {
    if (line->empty()) continue;
    // Attachments belong to the first message that gets a response.
    auto message = user_message(first ? options : ChatOptions{}, std::move(*line));
    if (!message) return fail(message.error(), options.style());
    request->messages.push_back(std::move(*message));
    Asked asked = ask(client, *request, options, interrupt.arm(), output);
    if (output.closed()) return ExitCode::success;
    if (asked.message.content.empty()) {
      // A message without a response is not part of the conversation.
      request->messages.pop_back();
    } else {
      first = false;
      request->messages.push_back(std::move(asked.message));
    }
  }
  static_cast<void>(output.write("\n"));
  return ExitCode::success;
}

}  // namespace cli
