#include "terminal.hpp"

#include <fmt/format.h>
#include <limits.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>

#include "interrupt.hpp"
#include "wording.hpp"

namespace cli {
namespace {

/// Blocks until something can be written; false with errno set, EINTR when Ctrl-C came first.
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

/// Writes all of it; false with errno set, EINTR when Ctrl-C came while there was no room.
bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    if (!await_room(descriptor)) return false;
    // A pipe with room at all takes so much without blocking (pipe(7)).
    const ssize_t written =
        ::write(descriptor, text.data(), std::min<std::size_t>(text.size(), PIPE_BUF));
    if (written < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (written < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

void say(std::string_view text) {
  // When standard error cannot be written there is nobody left to tell.
  static_cast<void>(write_all(STDERR_FILENO, text));
}

/// Whether standard error obeys escape sequences, and the user wants them.
bool stderr_has_style() {
  const char* const refused = std::getenv("NO_COLOR");
  const char* const terminal = std::getenv("TERM");
  return stderr_is_terminal() && (refused == nullptr || *refused == '\0') && terminal != nullptr &&
         std::string_view(terminal) != "dumb";
}

/// A line for standard error, with the escape sequence `style` where it is wanted.
std::string styled(std::string_view style, std::string_view text) {
  return stderr_has_style() ? fmt::format("{}{}\033[0m", style, text) : std::string(text);
}

/// Nothing that came from elsewhere is to drive a terminal.
std::string for_stderr(std::string_view text) {
  return stderr_is_terminal() ? visible(text) : std::string(text);
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

bool Output::write_answer(std::string_view text) {
  return terminal_ ? write(visible(text)) : write(text);
}

void note(std::string_view text) { say(fmt::format("bedrock: {}\n", text)); }

void warn(std::string_view text) {
  say(styled("\033[33m", "bedrock: warning: " + for_stderr(text)) + '\n');
}

void report(const llm::Error& error, Style style) {
  const std::string message = in_own_words(error.message);
  if (style == Style::json) {
    llm::Error reworded = error;
    reworded.message = message;
    say(llm::to_json(reworded) + '\n');
    return;
  }
  std::string details(llm::to_string(error.code));
  if (!error.request_id.empty()) details += ", request " + error.request_id;
  if (error.attempts > 1) details += fmt::format(", {} attempts", error.attempts);
  say(fmt::format("{} ({})\n", styled("\033[31m", "bedrock: " + for_stderr(message)),
                  for_stderr(details)));
  if (!error.advice.empty()) say(fmt::format("  {}\n", for_stderr(in_own_words(error.advice))));
}

void dim(std::string_view text) {
  if (stderr_is_terminal()) say(styled("\033[2m", visible(text)));
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

}  // namespace cli
