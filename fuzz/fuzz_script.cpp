// A script is refused with its first problem, or each of its faults can be put into any reply.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <llm/local/script.hpp>

#include "aws/protocol/event_stream.hpp"
#include "base/text.hpp"
#include "fuzz/require.hpp"
#include "local/script/faults.hpp"

namespace {

using llm::fuzz::require;
using llm::local::Reply;

Reply stream() {
  constexpr std::pair<std::string_view, std::string_view> kHeaders[] = {{":message-type", "event"}};
  Reply reply{.streamed = true};
  for (const std::string_view payload : {"one", "two", "three"}) {
    llm::aws::append_event_message(kHeaders, payload, reply.frames.emplace_back().bytes);
  }
  return reply;
}

std::size_t size_of(const Reply& reply) {
  std::size_t size = reply.body.size();
  for (const llm::local::Frame& frame : reply.frames) size += frame.bytes.size();
  return size;
}

void check_fault(const llm::local::Fault& fault, Reply reply) {
  const bool has_happened = llm::local::apply_fault(fault, reply);
  require(!llm::local::fault_name(fault).empty(), "a fault has a name to be counted by");
  require(has_happened || reply.plan.cut == llm::local::Cut::none,
          "what does nothing cuts nothing");
  require(reply.status >= 200 && reply.status <= 599, "a reply has a status");
  const auto cut_after = reply.plan.cut_after;
  require(!cut_after || *cut_after <= size_of(reply), "a cut is inside the body");
  for (const auto& header : reply.headers) {
    require(header.value.find_first_of("\r\n") == std::string::npos, "a header is one line");
  }
  (void)take_body(reply);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto rules =
      llm::local::parse_script({reinterpret_cast<const char*>(data), size}, "script.json");
  if (!rules) {
    const llm::Error& error = rules.error();
    require(error.code == llm::ErrorCode::configuration_error, "the code of the error");
    require(llm::base::is_valid_utf8(error.message) && error.message.ends_with('.'),
            "the message is a sentence");
    return 0;
  }
  for (const llm::local::Rule& rule : *rules) {
    if (!rule.fault) continue;
    check_fault(*rule.fault, stream());
    check_fault(*rule.fault, {.body = R"({"a":1})"});
  }
  return 0;
}
