#pragma once

#include <curl/curl.h>

#include <string>
#include <vector>

#include <llm/transport.hpp>

namespace llm::http {

/// The headers of a request in libcurl's form, plus the entries that stop it from adding its own.
class HeaderList {
 public:
  explicit HeaderList(const HttpRequest& request);
  HeaderList(const HeaderList&) = delete;
  HeaderList& operator=(const HeaderList&) = delete;
  ~HeaderList() = default;

  /// For CURLOPT_HTTPHEADER, which keeps the pointer. Lives as long as this object.
  [[nodiscard]] curl_slist* get() { return nodes_.data(); }

 private:
  void add(std::size_t begin);

  std::string text_;               ///< All lines, each followed by a zero byte.
  std::vector<curl_slist> nodes_;  ///< Never empty.
};

}  // namespace llm::http
