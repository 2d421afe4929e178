#pragma once

#include <string>
#include <string_view>

#include <llm/chat.hpp>
#include <llm/error.hpp>

namespace cli {

/// How a person or a program wants to be spoken to.
enum class Style { text, json };

/// Standard output. Answers go here and nothing else.
class Output {
 public:
  /// Writes all of it, and waits for a slow reader. False when nobody reads any more (a closed
  /// pipe), when Ctrl-C came while it waited, or when it cannot be written (a full disk).
  [[nodiscard]] bool write(std::string_view text);
  /// The same for text that a model wrote: on a terminal, control characters are shown, not obeyed.
  [[nodiscard]] bool write_answer(std::string_view text);

  /// True when the reader went away: the program ends quietly.
  [[nodiscard]] bool closed() const;
  /// True when Ctrl-C ended the wait for a reader.
  [[nodiscard]] bool interrupted() const;
  /// Why the last write failed, as errno has it; 0 when none failed.
  [[nodiscard]] int failure() const { return failure_; }
  [[nodiscard]] bool is_terminal() const { return terminal_; }

 private:
  bool terminal_ = stdout_is_terminal();
  int failure_ = 0;

  [[nodiscard]] static bool stdout_is_terminal();
};

[[nodiscard]] bool stdin_is_terminal();
[[nodiscard]] bool stderr_is_terminal();

/// A line about the work on standard error: `bedrock: ...`.
void note(std::string_view text);
/// A warning; coloured on a terminal that has colours, unless NO_COLOR is set (no-color.org).
void warn(std::string_view text);
/// An error, as text or as one line of JSON.
void report(const llm::Error& error, Style style);
/// Reasoning and the like: dim where a warning is coloured, on standard error, on a terminal only.
void dim(std::string_view text);

/// `text` (UTF-8) with control characters made visible, but for line feed and tab.
[[nodiscard]] std::string visible(std::string_view text);

}  // namespace cli
