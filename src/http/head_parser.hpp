#pragma once

#include <cstddef>
#include <string_view>

#include <llm/transport.hpp>

namespace llm::http {

/// Bytes that the heads and trailers of one exchange may have in total; a head without end would
/// otherwise fill the memory (CVE-2023-38039).
inline constexpr std::size_t kMaxHeadBytes = 64 * 1024;

/// Makes a head of the lines of an answer. Interim answers (1xx) and trailers are passed over.
class HeadParser {
 public:
  /// Takes one line with its line end. False when there were more than `kMaxHeadBytes`.
  [[nodiscard]] bool take_line(std::string_view line);

  /// True from the status line of the final answer on.
  [[nodiscard]] bool started() const { return head_.status >= kFirstFinalStatus; }
  /// True when the final head is whole.
  [[nodiscard]] bool complete() const { return complete_; }
  [[nodiscard]] const HttpResponseHead& head() const { return head_; }

 private:
  static constexpr int kFirstFinalStatus = 200;

  void begin(std::string_view status_line);
  void add_field(std::string_view line);

  HttpResponseHead head_;
  std::size_t bytes_ = 0;
  bool complete_ = false;
};

}  // namespace llm::http
