#pragma once

#include <atomic>
#include <memory>
#include <utility>

#include <llm/testing.hpp>

namespace llm::test_support {

/// A ScriptedTransport that blocks every request until it is opened.
class GatedTransport final : public Transport {
 public:
  [[nodiscard]] Result<std::unique_ptr<HttpExchange>> send(const HttpRequest& request,
                                                           std::stop_token stop) const override {
    const bool first = !asked.test_and_set();
    asked.notify_all();
    if (first || !others_pass_) open_.wait(false);
    return scripted.send(request, std::move(stop));
  }

  /// Lets everything through from now on.
  void open() {
    open_.test_and_set();
    open_.notify_all();
  }
  /// Blocks only the first request.
  void let_others_through() { others_pass_ = true; }

  mutable std::atomic_flag asked;  ///< Set by the first request.
  testing::ScriptedTransport scripted;

 private:
  std::atomic_flag open_;
  std::atomic<bool> others_pass_ = false;
};

}  // namespace llm::test_support
