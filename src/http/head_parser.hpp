#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include <llm/transport.hpp>

namespace llm::http {

/// Limit on the heads and trailers of one exchange, in bytes. Without it an endless head would fill
/// the memory (CVE-2023-38039).
inline constexpr std::size_t kMaxHeadBytes = 64 * 1024;

/// Parses the head of a response line by line. Skips interim responses (1xx) and trailers.
class HeadParser {
 public:
  enum class Fault {
    too_large,        ///< More than `kMaxHeadBytes`.
    transfer_coding,  ///< Other than `chunked` once: libcurl would decode `gzip`, for instance.
    lengths           ///< Two different ones: nobody knows where the body ends.
  };

  /// Takes one line including its line end. Why the response is refused, or nothing.
  [[nodiscard]] std::optional<Fault> take_line(std::string_view line);

  /// True once the status line of the final response has arrived.
  [[nodiscard]] bool started() const { return head_.status >= kFirstFinalStatus; }
  /// True once the final head is complete.
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
