// The library on an event loop: all requests in flight on one thread.
#include <cstddef>
#include <cstdio>
#include <functional>
#include <memory>

#include <llm/async_client.hpp>

#include "bench/measure.hpp"
#include "bench/prompts.hpp"

namespace bench {
namespace {

void say(const llm::Error& error) {
  std::fprintf(stderr, "bench_loop: %s\n", error.message.c_str());
}

/// Keeps `parallel` requests of a task going.
class Requests {
 public:
  Requests(const Task& task, const llm::AsyncClient& client, Observations& observations)
      : task_(task), client_(client), request_(chat_request(task)), observations_(observations) {}

  void begin(std::size_t count) {
    left_ = count;
    begin_round();
  }

 private:
  void begin_round() {
    for (std::size_t i = 0; i < task_.parallel; ++i) begin_one();
  }

  void begin_one() {
    if (left_ == 0) return;
    --left_;
    ++running_;
    is_streamed(task_) ? stream() : complete();
  }

  void complete() {
    client_.chat_completion(request_, {}, [this](const llm::Result<llm::ChatResponse>& response) {
      if (response) {
        observations_.add(0, 0);
      } else {
        say(response.error());
      }
      end_one();
    });
  }

  void stream() {
    struct Seen {
      std::int64_t first_ns = 0;
      std::size_t deltas = 0;
    };
    const auto seen = std::make_shared<Seen>();
    client_.stream_chat_completion(
        request_, {},
        {.on_event =
             [seen](const llm::StreamEvent&) {
               if (seen->deltas++ == 0) seen->first_ns = now_ns();
               return llm::Flow::go_on;
             },
         .on_end =
             [this, seen](const llm::Result<llm::Done>& done) {
               if (done) {
                 // The server wrote its clock into the request id.
                 observations_.add(seen->first_ns - number_in(done->details.request_id),
                                   seen->deltas);
               } else {
                 say(done.error());
               }
               end_one();
             }});
  }

  void end_one() {
    --running_;
    if (task_.rounds == 0) {
      begin_one();
    } else if (running_ == 0) {
      begin_round();
    }
  }

  const Task& task_;
  const llm::AsyncClient& client_;
  llm::ChatRequest request_;
  Observations& observations_;
  std::size_t left_ = 0;
  std::size_t running_ = 0;
};

int run(const Task& task) {
  const auto client = client_for(task);
  const auto loop = llm::EventLoop::create();
  if (!client || !loop) {
    say(client ? loop.error() : client.error());
    return 2;
  }
  const llm::AsyncClient async(*client, **loop);
  Observations observations;
  Requests requests(task, async, observations);
  return measure(task, observations, [&](std::size_t count) {
    requests.begin(count);
    (*loop)->run();
  });
}

}  // namespace
}  // namespace bench

int main(int argc, char** argv) {
  const auto task = bench::parse_task(argc, argv);
  return task ? bench::run(*task) : 2;
}
