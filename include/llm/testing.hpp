#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <llm/error.hpp>
#include <llm/transport.hpp>

namespace llm::testing {

/// One answer of a ScriptedTransport. Each piece of the body arrives in a read of its own.
struct ScriptedResponse {
  int status = 200;
  std::vector<HttpHeader> headers{};
  std::vector<std::string> body{};
  std::optional<Error> failure{};       ///< Instead of an answer.
  std::optional<Error> read_failure{};  ///< After the last piece of the body.
};

/// A Transport that gives prepared answers in order and remembers what was sent. For tests of
/// programs that use this library. Safe from many threads.
class ScriptedTransport final : public Transport {
 public:
  /// The next answer. When none is left, `send` fails with connection_error.
  void expect(ScriptedResponse answer);
  /// What was sent so far, copied.
  [[nodiscard]] std::vector<HttpRequest> requests() const;
  /// Answers that were not asked for yet.
  [[nodiscard]] std::size_t remaining() const;

  [[nodiscard]] Result<std::unique_ptr<HttpExchange>> send(const HttpRequest& request,
                                                           std::stop_token stop) const override;

 private:
  mutable std::mutex mutex_;
  mutable std::vector<ScriptedResponse> answers_;
  mutable std::vector<HttpRequest> requests_;
};

}  // namespace llm::testing
