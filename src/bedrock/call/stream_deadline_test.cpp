// The time limit of a call holds for the reading of its stream, and is named as it was set.
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string_view>

#include "bedrock/call/pipeline_test_support.hpp"
#include "bedrock/call/stream_pump.hpp"

namespace llm::bedrock {
namespace {

using std::chrono::milliseconds;

class SilentDecoder final : public StreamDecoder {
 public:
  Result<void> on_event(const aws::EventMessage&, std::vector<StreamEvent>&) override { return {}; }
  Result<void> finish(std::vector<StreamEvent>&) override { return {}; }
};

class StreamDeadlineTest : public PipelineTest {
 protected:
  /// The error of a stream that is read when that much of its 60 ms has passed.
  Error read_after(milliseconds time) {
    request_.delivery = Delivery::streaming;
    transport_->expect({.headers = {{"content-type", "application/vnd.amazon.eventstream"}},
                        .read_failure = make_error(ErrorCode::timeout_error, "Nothing came.")});
    const Pipeline pipeline(config_);
    StreamPump pump([&] {
      StreamCall call;
      call.decoder = std::make_unique<SilentDecoder>();
      call.context = {.operation = "ConverseStream"};
      call.send = [&]() -> Result<Response> {
        auto response = pipeline.send(request_, pipeline.begin({.timeout = milliseconds(60)}));
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
