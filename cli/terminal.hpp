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
  /// Writes all of it at once. False when nobody reads any more (a closed pipe) or it cannot be
  /// written (a full disk); then `failure` says which.
  [[nodiscard]] bool write(std::string_view text);
  /// The same for text that a model wrote: on a terminal, control characters are shown, not obeyed.
  [[nodiscard]] bool write_answer(std::string_view text);

  /// True when the reader went away: the program ends quietly.
  [[nodiscard]] bool closed() const { return closed_; }
  [[nodiscard]] bool is_terminal() const { return terminal_; }

 private:
  bool terminal_ = stdout_is_terminal();
  bool closed_ = false;

  [[nodiscard]] static bool stdout_is_terminal();
};

[[nodiscard]] bool stdin_is_terminal();
[[nodiscard]] bool stderr_is_terminal();

/// A line about the work on standard error: `bedrock: ...`.
void note(std::string_view text);
/// A warning; coloured on a terminal.
void warn(std::string_view text);
/// An error, as text or as one line of JSON.
void report(const llm::Error& error, Style style);
/// Reasoning and the like: dim, on standard error, on a terminal only.
void dim(std::string_view text);

/// `text` with control characters made visible, but for line feed and tab.
[[nodiscard]] std::string visible(std::string_view text);

}  // namespace cli
