#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <llm/chat.hpp>
#include <llm/error.hpp>

namespace cli {

/// Whether output is meant for people or for programs.
enum class Style { text, json };

/// Standard output, for results only.
class Output {
 public:
  /// Writes all of `text`, waiting for a slow reader. False if the reader has gone away (closed
  /// pipe), on Ctrl-C while waiting, or if writing fails (full disk).
  [[nodiscard]] bool write(std::string_view text);
  /// The same for a model's text: on a terminal, control characters are shown, not interpreted.
  [[nodiscard]] bool write_completion(std::string_view text);

  /// True if the reader has gone away; the program then ends quietly.
  [[nodiscard]] bool closed() const;
  /// True if Ctrl-C ended the wait for a reader.
  [[nodiscard]] bool interrupted() const;
  /// The errno of the last failed write; 0 if none failed.
  [[nodiscard]] int failure() const { return failure_; }
  [[nodiscard]] bool is_terminal() const { return terminal_; }

 private:
  bool terminal_ = stdout_is_terminal();
  int failure_ = 0;

  [[nodiscard]] static bool stdout_is_terminal();
};

[[nodiscard]] bool stdin_is_terminal();
[[nodiscard]] bool stderr_is_terminal();

/// Writes a line to standard error: `bedrock: ...`.
void note(std::string_view text);
/// Writes a warning to standard error; coloured on a terminal, unless NO_COLOR is set
/// (no-color.org).
void warn(std::string_view text);
void warn_all(const std::vector<llm::Warning>& warnings);
/// Writes an error to standard error: as text, with its advice on a line of its own, or as one line
/// of JSON.
void report(const llm::Error& error, Style style);
/// Writes reasoning to standard error, dimmed, if that is a terminal.
void dim(std::string_view text);

/// `text` (UTF-8) with control characters made visible, except line feed and tab.
[[nodiscard]] std::string visible(std::string_view text);

/// `text` with every line after the first indented by `columns`.
[[nodiscard]] std::string indented(std::string_view text, std::size_t columns);

}  // namespace cli
