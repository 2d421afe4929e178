// Whatever a service or a proxy sends, the error made from it is safe to log.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "aws/protocol/service_error.hpp"
#include "base/text.hpp"
#include "fuzz/require.hpp"

namespace {

using llm::fuzz::require;

void check_text(std::string_view text) {
  require(text.size() <= 2000, "it is at most 2,000 bytes long");
  require(llm::base::is_valid_utf8(text), "it is valid UTF-8");
  const auto is_control = [](char c) { return (c >= 0 && c < 0x20) || c == 0x7f; };
  require(std::ranges::none_of(text, is_control), "it has no control characters");
}

void check(const llm::aws::ServiceError& error) {
  check_text(error.code);
  check_text(error.message);
  check_text(error.request_id);
  check_text(error.resource_name);
  require(!error.retry_after || error.retry_after->count() >= 0, "a hint is not negative");
  require(
      error.original_status == 0 || (error.original_status >= 100 && error.original_status <= 599),
      "an original status is a status");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using std::chrono::system_clock;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t line_end = std::min(input.find('\n'), input.size());
  const std::string line(input.substr(0, line_end));
  const std::string_view body = input.substr(std::min(line_end + 1, input.size()));
  const llm::HttpResponseHead head{.status = 400,
                                   .headers = {{"x-amzn-errortype", line},
                                               {"x-amzn-requestid", line},
                                               {"x-amz-retry-after", line},
                                               {"retry-after", line}}};

  check(llm::aws::read_json_error(head, body, system_clock::time_point()));
  check(llm::aws::read_stream_error(line, body, line));
  if (const auto error = llm::aws::read_error_in_success(head, body, system_clock::time_point())) {
    check(*error);
  }

  const std::string quoting = std::string(body) + "The Canonical String for this request" + line;
  require(llm::aws::safe_message(quoting).size() <= body.size() * 2, "what is quoted goes");
  return 0;
}
