#include "input_file.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <vector>

#include "terminal.hpp"

namespace cli {
namespace {

// Maximum size of a request body (Bedrock API Reference, InvokeModel).
constexpr std::size_t kMaxInputBytes = 25'000'000;
constexpr std::size_t kReadBytes = 65'536;

std::unexpected<llm::Error> cannot_read(const std::string& name, const std::string& reason) {
  return std::unexpected(llm::make_error(llm::ErrorCode::configuration_error,
                                         "Cannot read " + name + ": " + reason + "."));
}

void await_input(int descriptor) {
  pollfd wait{.fd = descriptor, .events = POLLIN, .revents = 0};
  ::poll(&wait, 1, -1);
}

llm::Result<std::string> read_to_end(int descriptor, const std::string& name) {
  std::string text;
  std::vector<char> buffer(kReadBytes);
  while (text.size() <= kMaxInputBytes) {
    const ssize_t got = ::read(descriptor, buffer.data(), buffer.size());
    if (got == 0) return text;
    if (got > 0) {
      text.append(buffer.data(), static_cast<std::size_t>(got));
    } else if (errno == EAGAIN) {
      await_input(descriptor);
    } else if (errno != EINTR) {
      return cannot_read(name, std::generic_category().message(errno));
    }
  }
  return cannot_read(
      name, "It is larger than any request may be (" + std::to_string(kMaxInputBytes) + " bytes)");
}

llm::Result<std::string> read_standard_input() {
  return read_to_end(STDIN_FILENO, "standard input");
}

}  // namespace

llm::Result<std::string> read_input_file(const std::string& path) {
  if (path == "-") return read_standard_input();
  const std::string name = '"' + path + '"';
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return cannot_read(name, std::generic_category().message(errno));
  auto text = read_to_end(descriptor, name);
  ::close(descriptor);
  return text;
}

llm::Result<std::string> piped_input() {
  if (stdin_is_terminal()) return std::string();
  return read_standard_input();
}

std::string without_line_end(std::string text) {
  while (text.ends_with('\n')) {
    text.pop_back();
    if (text.ends_with('\r')) text.pop_back();
  }
  return text;
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty()) lines.emplace_back(line);
  }
  return lines;
}

llm::Error in_file(const std::string& path, llm::Error error) {
  error.message = path + ": " + error.message;
  return error;
}

}  // namespace cli
