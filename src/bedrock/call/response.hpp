#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <llm/chat.hpp>
#include <llm/transport.hpp>

#include "aws/deadline.hpp"
#include "bedrock/call/sent_secrets.hpp"

namespace llm::bedrock {

/// A 2xx response. After buffered delivery `exchange` has been read to its end.
struct Response {
  std::unique_ptr<HttpExchange> exchange{};
  std::string body{};
  int attempts = 1;
  std::string region{};                     ///< Where it came from.
  std::vector<Warning> warnings{};          ///< About how the request was routed.
  SentSecrets sent{};                       ///< To be hidden in errors that are found in the body.
  std::optional<aws::Deadline> deadline{};  ///< Of the call, for a stream that is still to be read.

  /// The exchange's; empty without one.
  [[nodiscard]] const HttpResponseHead& head() const;
};

}  // namespace llm::bedrock
