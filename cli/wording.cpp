#include "wording.hpp"

#include <array>
#include <string_view>

namespace cli {
namespace {

struct Wording {
  std::string_view library;
  std::string_view command;
};

constexpr auto kWordings = std::to_array<Wording>({
    {"(from code)", "(from --profile)"},
    {"bedrock_runtime_endpoint ", "--endpoint-url "},
    {"; use https, or set allow_plain_http where that is meant", "; use https"},
    {"call it by Converse", "use --api converse"},
});

}  // namespace

std::string in_own_words(std::string message) {
  for (const Wording& wording : kWordings) {
    const auto at = message.find(wording.library);
    if (at == std::string::npos) continue;
    message.replace(at, wording.library.size(), wording.command);
  }
  return message;
}

}  // namespace cli
