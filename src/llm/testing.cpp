#include <cstddef>
#include <string_view>
#include <utility>

#include <llm/testing.hpp>

namespace llm::testing {
namespace {

Error cancelled() {
  return make_error(ErrorCode::cancelled, "the scripted exchange was cancelled");
}

class ScriptedExchange final : public HttpExchange {
 public:
  ScriptedExchange(ScriptedResponse answer, std::stop_token stop)
      : head_{.status = answer.status, .headers = std::move(answer.headers)},
        body_(std::move(answer.body)),
        read_failure_(std::move(answer.read_failure)),
        stop_(std::move(stop)) {}

  const HttpResponseHead& head() const override { return head_; }

  Result<std::string_view> read_some() override {
    if (stop_.stop_requested()) return std::unexpected(cancelled());
    while (next_ < body_.size()) {
      const std::string& piece = body_[next_++];
      if (!piece.empty()) return piece;  // an empty one would be the end
    }
    if (read_failure_) return std::unexpected(*read_failure_);
    return std::string_view();
  }

 private:
  HttpResponseHead head_;
  std::vector<std::string> body_;
  std::optional<Error> read_failure_;
  std::stop_token stop_;
  std::size_t next_ = 0;
};

}  // namespace

void ScriptedTransport::expect(ScriptedResponse answer) {
  const std::scoped_lock lock(mutex_);
  responses_.push_back(std::move(answer));
}

std::vector<HttpRequest> ScriptedTransport::requests() const {
  const std::scoped_lock lock(mutex_);
  return requests_;
}

std::size_t ScriptedTransport::remaining() const {
  const std::scoped_lock lock(mutex_);
  return responses_.size();
}

Result<std::unique_ptr<HttpExchange>> ScriptedTransport::send(const HttpRequest& request,
                                                              std::stop_token stop) const {
  if (stop.stop_requested()) return std::unexpected(cancelled());
  const std::scoped_lock lock(mutex_);
  requests_.push_back(request);
  if (responses_.empty()) {
    return std::unexpected(make_error(ErrorCode::connection_error,
                                      "the scripted transport has no answer left for request " +
                                          std::to_string(requests_.size()) +
                                          "; call expect once for each request"));
  }
  ScriptedResponse answer = std::move(responses_.front());
  responses_.erase(responses_.begin());
  if (answer.failure) return std::unexpected(std::move(*answer.failure));
  return std::make_unique<ScriptedExchange>(std::move(answer), std::move(stop));
}

}  // namespace llm::testing
