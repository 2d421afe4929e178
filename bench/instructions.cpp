// Work to be counted by valgrind: `bench_instructions OPERATION REQUESTS DELTAS` makes so many
// calls to a Transport that answers from memory. Neither network nor libcurl: the count is the same
// every time. The counts of two runs, subtracted, are those of a request or a delta.
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bench/measure.hpp"
#include "bench/questions.hpp"
#include "bench/replies.hpp"

namespace bench {
namespace {

/// About as many messages as one read of the real transport gives.
constexpr std::size_t kMessagesInARead = 128;

struct Answer {
  llm::HttpResponseHead head{};
  StreamMessages messages{};  // a whole answer is a single one
  std::size_t deltas = 0;

  [[nodiscard]] std::size_t size() const {
    return messages.before.size() + deltas + messages.after.size();
  }
  [[nodiscard]] const std::string& message(std::size_t i) const {
    if (i < messages.before.size()) return messages.before[i];
    i -= messages.before.size();
    return i < deltas ? messages.delta : messages.after[i - deltas];
  }
};

class Exchange final : public llm::HttpExchange {
 public:
  explicit Exchange(const Answer& answer) : answer_(answer) {}

  [[nodiscard]] const llm::HttpResponseHead& head() const override { return answer_.head; }

  // Joins the messages as the real one does, to which libcurl gives each by itself.
  [[nodiscard]] llm::Result<std::string_view> read_some() override {
    received_.clear();
    for (std::size_t i = 0; i < kMessagesInARead && next_ < answer_.size(); ++i) {
      received_.append(answer_.message(next_++));
    }
    return received_;
  }

 private:
  const Answer& answer_;
  std::string received_;
  std::size_t next_ = 0;
};

class Replay final : public llm::Transport {
 public:
  Replay(const Task& task, std::size_t deltas)
      : answer_{
            .head = {.status = 200,
                     .headers = {{"Content-Type", is_streamed(task)
                                                      ? "application/vnd.amazon.eventstream"
                                                      : "application/json"},
                                 {"x-amzn-requestid", "00000000-0000-0000-0000-000000000000"}}},
            .messages = is_streamed(task)
                            ? stream_messages(task.operation)
                            : StreamMessages{.delta = std::string(whole_answer(task.operation))},
            .deltas = is_streamed(task) ? deltas : 1} {}

  [[nodiscard]] llm::Result<std::unique_ptr<llm::HttpExchange>> send(
      const llm::HttpRequest& /*request*/, std::stop_token /*stop*/) const override {
    return std::make_unique<Exchange>(answer_);
  }

 private:
  Answer answer_;
};

// False when the call failed.
bool ask(const llm::Client& client, const llm::ChatRequest& question, const Task& task) {
  if (!is_streamed(task)) return client.chat_completion(question).has_value();
  for (const auto& event : client.stream_chat_completion(question)) {
    if (event.is_error()) return false;
  }
  return true;
}

int run(const Task& task, std::size_t deltas) {
  const auto client = client_for(task, std::make_shared<Replay>(task, deltas));
  if (!client) return 2;
  const llm::ChatRequest asked = question(task);
  for (std::size_t i = 0; i < task.count; ++i) {
    if (!ask(*client, asked, task)) return 1;
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
