// The library as its users call it: one thread for each request in flight. With --print-request it
// prints the bytes that it would send, for the floors.
#include <pthread.h>

#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "bench/measure.hpp"
#include "bench/prompts.hpp"

namespace bench {
namespace {

class PrintingTransport final : public llm::Transport {
 public:
  llm::Result<std::unique_ptr<llm::HttpExchange>> send(const llm::HttpRequest& request,
                                                       std::stop_token) const override {
    const std::size_t path = request.url.find('/', request.url.find("//") + 2);
    std::string head = request.method + ' ' + request.url.substr(path) + " HTTP/1.1\r\n";
    for (const llm::HttpHeader& header : request.headers) {
      head += header.name + ": " + header.value + "\r\n";
    }
    head += "Content-Length: " + std::to_string(request.body->size()) + "\r\n\r\n";
    std::fwrite(head.data(), 1, head.size(), stdout);
    std::fwrite(request.body->data(), 1, request.body->size(), stdout);
    return std::unexpected(llm::make_error(llm::ErrorCode::cancelled, "printed instead"));
  }
};

// That of the standard library turns round and round before it sleeps.
class Barrier {
 public:
  explicit Barrier(std::size_t threads) {
    pthread_barrier_init(&barrier_, nullptr, static_cast<unsigned>(threads));
  }
  Barrier(const Barrier&) = delete;
  Barrier& operator=(const Barrier&) = delete;
  ~Barrier() { pthread_barrier_destroy(&barrier_); }

  void arrive_and_wait() { pthread_barrier_wait(&barrier_); }

 private:
  pthread_barrier_t barrier_{};
};

void say(const llm::Error& error) {
  std::fprintf(stderr, "bench_ours: %s\n", error.message.c_str());
}

void send_streaming(const llm::Client& client, const llm::ChatRequest& request,
                    Observations& observations) {
  std::int64_t first_ns = 0;
  std::size_t deltas = 0;
  for (const auto& event : client.stream_chat_completion(request)) {
    if (event.is_error()) return say(event.error());
    if (event.is_delta() && deltas++ == 0) first_ns = now_ns();
    // The server wrote its clock into the request id.
    if (event.is_done()) {
      observations.add(first_ns - number_in(event.done().details.request_id), deltas);
    }
  }
}

void send_once(const llm::Client& client, const llm::ChatRequest& request, const Task& task,
               Observations& observations) {
  if (is_streamed(task)) return send_streaming(client, request, observations);
  const auto response = client.chat_completion(request);
  if (!response) return say(response.error());
  observations.add(0, 0);
}

int run(const Task& task) {
  const auto client = client_for(task);
  if (!client) {
    say(client.error());
    return 2;
  }
  const llm::ChatRequest request = chat_request(task);
  Observations observations;
  Barrier round(task.parallel);
  const auto ask_many = [&](std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      send_once(*client, request, task, observations);
      if (task.rounds != 0) round.arrive_and_wait();
    }
  };
  return measure(task, observations, [&](std::size_t count) {
    if (task.parallel == 1) return ask_many(count);
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < task.parallel; ++i) {
      threads.emplace_back(ask_many, count / task.parallel);
    }
  });
}

int print_request(const Task& task) {
  const auto client = client_for(task, std::make_shared<PrintingTransport>());
  if (!client) return 2;
  if (is_streamed(task)) {
    static_cast<void>(client->stream_chat_completion(chat_request(task)).collect());
  } else {
    static_cast<void>(client->chat_completion(chat_request(task)));
  }
  return 0;
}

}  // namespace
}  // namespace bench

int main(int argc, char** argv) {
  const bool prints = argc > 1 && std::string_view(argv[argc - 1]) == "--print-request";
  const auto task = bench::parse_task(argc - (prints ? 1 : 0), argv);
  if (!task) return 2;
  return prints ? bench::print_request(*task) : bench::run(*task);
}
