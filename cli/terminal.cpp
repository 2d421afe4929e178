#include "terminal.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <iostream>
#include <iterator>

namespace cli {
namespace {

/// Writes all of it; false with errno set.
bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

void say(std::string_view text) {
  // When standard error cannot be written there is nobody left to tell.
  static_cast<void>(write_all(STDERR_FILENO, text));
}

}  // namespace

bool Output::stdout_is_terminal() { return ::isatty(STDOUT_FILENO) == 1; }
bool stdin_is_terminal() { return ::isatty(STDIN_FILENO) == 1; }
bool stderr_is_terminal() { return ::isatty(STDERR_FILENO) == 1; }

bool Output::write(std::string_view text) {
  if (write_all(STDOUT_FILENO, text)) return true;
  closed_ = errno == EPIPE;
  return false;
}

bool Output::write_answer(std::string_view text) {
  return terminal_ ? write(visible(text)) : write(text);
}

void note(std::string_view text) { say(fmt::format("bedrock: {}\n", text)); }

void warn(std::string_view text) {
  if (stderr_is_terminal()) {
    say(fmt::format("\033[33mbedrock: warning: {}\033[0m\n", visible(text)));
  } else {
    say(fmt::format("bedrock: warning: {}\n", text));
  }
}

void report(const llm::Error& error, Style style) {
  if (style == Style::json) {
    say(llm::to_json(error) + '\n');
    return;
  }
  std::string details(llm::to_string(error.code));
  if (!error.request_id.empty()) details += ", request " + error.request_id;
  if (error.attempts > 1) details += fmt::format(", {} attempts", error.attempts);
  if (stderr_is_terminal()) {
    say(fmt::format("\033[31mbedrock: {}\033[0m ({})\n", visible(error.message), details));
  } else {
    say(fmt::format("bedrock: {} ({})\n", error.message, details));
  }
}

void dim(std::string_view text) {
  if (stderr_is_terminal()) say(fmt::format("\033[2m{}\033[0m", visible(text)));
}

std::string visible(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char character : text) {
    const auto byte = static_cast<unsigned char>(character);
    if (byte == 0x7f) {
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
