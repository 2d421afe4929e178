#include "terminal.hpp"

#include <limits.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>

#include "interrupt.hpp"

namespace cli {
namespace {

/// Blocks until something can be written; false with errno set, EINTR on Ctrl-C.
bool await_room(int descriptor) {
  std::array<pollfd, 2> waits{{{.fd = descriptor, .events = POLLOUT, .revents = 0},
                               {.fd = interrupt_descriptor(), .events = POLLIN, .revents = 0}}};
  while (::poll(waits.data(), waits.size(), -1) < 0) {
    if (errno != EINTR) return false;
  }
  if (waits[0].revents != 0) return true;
  errno = EINTR;
  return false;
}

/// Writes all of `text`; false with errno set, EINTR on Ctrl-C while waiting.
bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    if (!await_room(descriptor)) return false;
    // A writable pipe accepts PIPE_BUF bytes without blocking (pipe(7)).
    const ssize_t written =
        ::write(descriptor, text.data(), std::min<std::size_t>(text.size(), PIPE_BUF));
    if (written < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (written < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

void write_to_stderr(std::string_view text) {
  // A failure cannot be reported anywhere.
  static_cast<void>(write_all(STDERR_FILENO, text));
}

/// Whether standard error supports escape sequences and the user has not disabled them.
bool stderr_has_style() {
  const char* const refused = std::getenv("NO_COLOR");
  const char* const terminal = std::getenv("TERM");
  return stderr_is_terminal() && (refused == nullptr || *refused == '\0') && terminal != nullptr &&
         std::string_view(terminal) != "dumb";
}

/// A line for standard error, with the escape sequence `style` if styles are enabled.
std::string styled(std::string_view style, std::string_view text) {
  return stderr_has_style() ? std::string(style) + std::string(text) + "\033[0m"
                            : std::string(text);
}

/// Foreign text must not control the terminal.
std::string for_stderr(std::string_view text) {
  return stderr_is_terminal() ? visible(text) : std::string(text);
}

/// The message as it is printed: a list has one item per line on a terminal, and stays on one line
/// elsewhere, for logs.
std::string printed_message(const llm::Error& error, std::string_view details) {
  std::string message = "bedrock: " + for_stderr(error.message);
  if (!stderr_is_terminal()) {
    std::ranges::replace(message, '\n', ' ');
    return message + " (" + std::string(details) + ")\n";
  }
  const std::size_t first = std::min(message.find('\n'), message.size());
  return styled("\033[31m", message.substr(0, first)) + " (" + for_stderr(details) + ')' +
         indented(message.substr(first), 2) + '\n';
}

}  // namespace

bool Output::stdout_is_terminal() { return ::isatty(STDOUT_FILENO) == 1; }
bool stdin_is_terminal() { return ::isatty(STDIN_FILENO) == 1; }
bool stderr_is_terminal() { return ::isatty(STDERR_FILENO) == 1; }

bool Output::write(std::string_view text) {
  if (write_all(STDOUT_FILENO, text)) return true;
  failure_ = errno;
  return false;
}

bool Output::closed() const { return failure_ == EPIPE; }
bool Output::interrupted() const { return failure_ == EINTR; }

bool Output::write_completion(std::string_view text) {
  return terminal_ ? write(visible(text)) : write(text);
}

void note(std::string_view text) { write_to_stderr("bedrock: " + std::string(text) + "\n"); }

void warn(std::string_view text) {
  write_to_stderr(styled("\033[33m", "bedrock: warning: " + for_stderr(text)) + '\n');
}

void warn_all(const std::vector<llm::Warning>& warnings) {
  for (const llm::Warning& warning : warnings) warn(warning.message);
}

void report(const llm::Error& error, Style style) {
  if (style == Style::json) {
    write_to_stderr(llm::to_json(error) + '\n');
    return;
  }
  std::string details(llm::to_string(error.code));
  if (!error.request_id.empty()) details += ", request " + error.request_id;
  if (error.attempts > 1) details += ", " + std::to_string(error.attempts) + " attempts";
  std::string text = printed_message(error, details);
  if (!error.advice.empty()) text += "  " + for_stderr(error.advice) + "\n";
  write_to_stderr(text);
}

void dim(std::string_view text) {
  if (stderr_is_terminal()) write_to_stderr(styled("\033[2m", visible(text)));
}

std::string visible(std::string_view text) {
  // U+0080 to U+009F, in UTF-8 this byte and one of 80 to 9F, are ESC with "@" to "_" (ECMA-48).
  constexpr unsigned char kLead = 0xC2;
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char character = text[i];
    const auto byte = static_cast<unsigned char>(character);
    const auto next = static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : 0);
    if (byte == kLead && next >= 0x80 && next < 0xA0) {
      out += "^[";
      out += static_cast<char>(next - 0x40);
      ++i;
    } else if (byte == 0x7f) {
      out += "^?";
    } else if (byte < 0x20 && character != '\n' && character != '\t') {
      out += '^';
      out += static_cast<char>(byte + 0x40);
    } else {
      out += character;
    }
  }
  return out;
}

std::string indented(std::string_view text, std::size_t columns) {
  std::string out;
  for (const char character : text) {
    out += character;
    if (character == '\n') out.append(columns, ' ');
  }
  return out;
}

}  // namespace cli
