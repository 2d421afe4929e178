// The time limit of a call, and how errors name it: as it was set.
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <utility>
#include <vector>

#include "bedrock/call/pipeline_test_support.hpp"
#include "bedrock/call/stream_pump.hpp"

namespace llm::bedrock {
namespace {

using std::chrono::milliseconds;

/// Takes 60 ms for each response.
class StallingTransport final : public Transport {
 public:
  StallingTransport(std::shared_ptr<const Transport> inner,
                    std::shared_ptr<port::ScriptedSystem> system)
      : inner_(std::move(inner)), system_(std::move(system)) {}
  Result<std::unique_ptr<HttpExchange>> send(const HttpRequest& request,
                                             std::stop_token stop) const override {
    system_->advance(milliseconds(60));
    return inner_->send(request, std::move(stop));
  }

 private:
  std::shared_ptr<const Transport> inner_;
  std::shared_ptr<port::ScriptedSystem> system_;
};

class CallDeadlineTest : public PipelineFixture {};

TEST_F(CallDeadlineTest, is_named_by_a_call_that_passes_it) {
  config_.transport = std::make_shared<const StallingTransport>(transport_, system_);
  config_.retry_timeouts = true;
  const Error stalled = make_error(ErrorCode::timeout_error, "The exchange took 59 ms.");
  const std::vector<ScriptedResponse> failures = {{.failure = stalled}, {.read_failure = stalled}};
  for (const ScriptedResponse& failure : failures) {
    transport_->expect(failure);

    const Result<Response> response = send({.timeout = milliseconds(60)});

    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().message, "InvokeModel did not finish within 60 ms (time limit).");
    EXPECT_EQ(response.error().attempts, 1);
  }
}

class SilentDecoder final : public StreamDecoder {
 public:
  Result<void> on_event(const aws::EventMessage&, std::vector<StreamEvent>&) override { return {}; }
  Result<void> finish(std::vector<StreamEvent>&) override { return {}; }
};

class StreamDeadlineTest : public PipelineFixture {
 protected:
  /// The error of a stream that is read when that much of its 60 ms has passed.
  Error read_after(milliseconds time) {
    request_.delivery = Delivery::streaming;
    transport_->expect({.headers = {{"content-type", "application/vnd.amazon.eventstream"}},
                        .read_failure = make_error(ErrorCode::timeout_error, "Nothing came.")});
    const Pipeline pipeline(config_);
    StreamPump pump([&] {
      StreamCall call;
      call.decoding.decoder = std::make_unique<SilentDecoder>();
      call.decoding.context = {.operation = "ConverseStream"};
      call.send = [&]() -> Result<Response> {
        auto response = pipeline.send(request_, *pipeline.begin({.timeout = milliseconds(60)}));
        system_->advance(time);
        return response;
      };
      return call;
    });
    const StreamEvent* const event = pump.next();
    return event != nullptr && event->is_error() ? event->error() : Error{};
  }
};

TEST_F(StreamDeadlineTest, is_named_by_the_error_of_a_stream_that_passes_it) {
  const Error error = read_after(milliseconds(60));

  EXPECT_EQ(error.code, ErrorCode::timeout_error);
  EXPECT_EQ(error.message, "ConverseStream did not finish within 60 ms (time limit).");
}

TEST_F(StreamDeadlineTest, is_not_named_by_a_timeout_before_it) {
  EXPECT_EQ(read_after(milliseconds(59)).message, "Nothing came.");
}

}  // namespace
}  // namespace llm::bedrock
