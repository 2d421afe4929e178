#pragma once

#include <curl/curl.h>

#include <array>

namespace llm::http {

/// An easy handle that serves one exchange after another.
class EasyHandle {
 public:
  /// Throws: std::bad_alloc.
  EasyHandle();
  EasyHandle(const EasyHandle&) = delete;
  EasyHandle& operator=(const EasyHandle&) = delete;
  /// Requires: it has been removed from its multi handle.
  ~EasyHandle();

  [[nodiscard]] CURL* get() const { return easy_; }

  /// True until prepared() is called: no option is set yet.
  [[nodiscard]] bool is_new() const { return is_new_; }
  void prepared() { is_new_ = false; }

  /// Buffer for libcurl's error text, of size CURL_ERROR_SIZE.
  [[nodiscard]] char* detail() { return detail_.data(); }

  /// Begins an exchange. Callbacks get back to it through user().
  void begin(void* user);
  [[nodiscard]] void* user() const { return user_; }

  /// Makes end() reset every option. For an exchange that libcurl restarted on another connection:
  /// libcurl counts restarts per easy handle and gives up after five.
  void reset_at_end() { reset_at_end_ = true; }

  /// Ends the exchange: clears its user and libcurl's pointers into the request. Keeps the options
  /// that all exchanges on this handle share. Requires: as the destructor.
  void end();

 private:
  CURL* easy_ = nullptr;
  void* user_ = nullptr;
  bool is_new_ = true;
  bool reset_at_end_ = false;
  std::array<char, CURL_ERROR_SIZE> detail_{};
};

}  // namespace llm::http
