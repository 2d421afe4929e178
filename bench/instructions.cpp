// Work whose instructions valgrind counts: `bench_instructions OPERATION REQUESTS DELTAS` calls a
// Transport that responds from memory. Without network and libcurl every run has the same count.
// The difference between two runs is the count of a request or a delta.
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bench/measure.hpp"
#include "bench/prompts.hpp"
#include "bench/responses.hpp"

namespace bench {
namespace {

/// About the number of frames in one read of the real transport.
constexpr std::size_t kFramesPerRead = 128;

struct CannedResponse {
  llm::HttpResponseHead head{};
  StreamFrames frames{};  // a buffered body is one frame
  std::size_t deltas = 0;

  [[nodiscard]] std::size_t size() const {
    return frames.before.size() + deltas + frames.after.size();
  }
  [[nodiscard]] const std::string& frame(std::size_t i) const {
    if (i < frames.before.size()) return frames.before[i];
    i -= frames.before.size();
    return i < deltas ? frames.delta : frames.after[i - deltas];
  }
};

class Exchange final : public llm::HttpExchange {
 public:
  explicit Exchange(const CannedResponse& response) : response_(response) {}

  [[nodiscard]] const llm::HttpResponseHead& head() const override { return response_.head; }

  // Joins the frames as the real transport does, to which libcurl passes each by itself.
  [[nodiscard]] llm::Result<std::string_view> read_some() override {
    received_.clear();
    for (std::size_t i = 0; i < kFramesPerRead && next_ < response_.size(); ++i) {
      received_.append(response_.frame(next_++));
    }
    return received_;
  }

 private:
  const CannedResponse& response_;
  std::string received_;
  std::size_t next_ = 0;
};

class Replay final : public llm::Transport {
 public:
  Replay(const Task& task, std::size_t deltas)
      : response_{
            .head = {.status = 200,
                     .headers = {{"Content-Type", is_streamed(task)
                                                      ? "application/vnd.amazon.eventstream"
                                                      : "application/json"},
                                 {"x-amzn-requestid", "00000000-0000-0000-0000-000000000000"}}},
            .frames = is_streamed(task)
                          ? stream_frames(task.operation)
                          : StreamFrames{.delta = std::string(buffered_body(task.operation))},
            .deltas = is_streamed(task) ? deltas : 1} {}

  [[nodiscard]] llm::Result<std::unique_ptr<llm::HttpExchange>> send(
      const llm::HttpRequest& /*request*/, std::stop_token /*stop*/) const override {
    return std::make_unique<Exchange>(response_);
  }

 private:
  CannedResponse response_;
};

// False when the call failed.
bool send_once(const llm::Client& client, const llm::ChatRequest& request, const Task& task) {
  if (!is_streamed(task)) return client.chat_completion(request).has_value();
  for (const auto& event : client.stream_chat_completion(request)) {
    if (event.is_error()) return false;
  }
  return true;
}

int run(const Task& task, std::size_t deltas) {
  const auto client = client_for(task, std::make_shared<Replay>(task, deltas));
  if (!client) return 2;
  const llm::ChatRequest request = chat_request(task);
  for (std::size_t i = 0; i < task.count; ++i) {
    if (!send_once(*client, request, task)) return 1;
  }
  return 0;
}

}  // namespace
}  // namespace bench

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: %s OPERATION REQUESTS DELTAS\n", argv[0]);
    return 2;
  }
  const bench::Task task{.url = "http://127.0.0.1:1",
                         .operation = argv[1],
                         .count = static_cast<std::size_t>(bench::number_in(argv[2]))};
  return bench::run(task, static_cast<std::size_t>(bench::number_in(argv[3])));
}
