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

/// One response of a ScriptedTransport. Each element of `body` arrives in a separate read.
struct ScriptedResponse {
  int status = 200;
  std::vector<HttpHeader> headers{};
  std::vector<std::string> body{};
  std::optional<Error> failure{};       ///< Instead of a response.
  std::optional<Error> read_failure{};  ///< After the last element of `body`.
};

/// A Transport that returns prepared responses in order and records the requests. For tests of
/// programs that use this library. Safe to use from many threads.
class ScriptedTransport final : public Transport {
 public:
  /// Appends a response. When none is left, `send` fails with connection_error.
  void expect(ScriptedResponse response);
  /// A copy of the requests sent so far.
  [[nodiscard]] std::vector<HttpRequest> requests() const;
  /// Number of responses not yet used.
  [[nodiscard]] std::size_t remaining() const;

  [[nodiscard]] Result<std::unique_ptr<HttpExchange>> send(const HttpRequest& request,
                                                           std::stop_token stop) const override;

 private:
  mutable std::mutex mutex_;
  mutable std::vector<ScriptedResponse> responses_;
  mutable std::vector<HttpRequest> requests_;
};

}  // namespace llm::testing
