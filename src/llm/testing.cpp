#include <cstddef>
#include <string_view>
#include <utility>

#include <llm/testing.hpp>

#include "base/errors.hpp"

namespace llm::testing {
namespace {

Error cancelled() { return base::cancelled("The scripted exchange"); }

class ScriptedExchange final : public HttpExchange {
 public:
  ScriptedExchange(ScriptedResponse response, std::stop_token stop)
      : head_{.status = response.status, .headers = std::move(response.headers)},
        body_(std::move(response.body)),
        read_failure_(std::move(response.read_failure)),
        stop_(std::move(stop)) {}

  const HttpResponseHead& head() const override { return head_; }

  Result<std::string_view> read_some() override {
    if (stop_.stop_requested()) return std::unexpected(cancelled());
    while (next_ < body_.size()) {
      const std::string& bytes = body_[next_++];
      if (!bytes.empty()) return bytes;  // an empty read is the end of the body
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

void ScriptedTransport::expect(ScriptedResponse response) {
  const std::scoped_lock lock(mutex_);
  responses_.push_back(std::move(response));
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
                                      "The scripted transport has no response left for request " +
                                          std::to_string(requests_.size()) + ".",
                                      "Call `expect` once for each request."));
  }
  ScriptedResponse response = std::move(responses_.front());
  responses_.erase(responses_.begin());
  if (response.failure) return std::unexpected(std::move(*response.failure));
  return std::make_unique<ScriptedExchange>(std::move(response), std::move(stop));
}

}  // namespace llm::testing
