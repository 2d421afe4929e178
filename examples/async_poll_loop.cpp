// Runs the event loop inside your own poll() loop, which here also has a timer.
#include <poll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <iostream>

#include <llm/async_client.hpp>
#include <llm/llm.hpp>

namespace {

/// A timer that is readable every 100 ms; -1 if no descriptor is available.
int ticking_timer() {
  const int timer = ::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
  const timespec period{.tv_sec = 0, .tv_nsec = 100'000'000};
  const itimerspec every{.it_interval = period, .it_value = period};
  if (timer >= 0) ::timerfd_settime(timer, 0, &every, nullptr);
  return timer;
}

}  // namespace

int main() {
  const auto client = llm::create_client({
      .provider = "bedrock",
      .model = "us.anthropic.claude-haiku-4-5-20251001-v1:0",
      .extra = {{"region", "us-east-1"}},
  });
  if (!client) {
    std::cerr << client.error().message << ' ' << client.error().advice << '\n';
    return 1;
  }
  const auto loop = llm::EventLoop::create();
  if (!loop) {
    std::cerr << loop.error().message << ' ' << loop.error().advice << '\n';
    return 1;
  }

  const llm::AsyncClient async(*client, **loop);
  bool is_over = false;
  bool has_failed = false;
  async.chat_completion(
      {.messages = {llm::Message::user("Why is the sky blue?")}, .max_tokens = 100}, {},
      [&is_over, &has_failed](llm::Result<llm::ChatResponse> response) {
        is_over = true;
        has_failed = !response;
        if (response) {
          std::cout << response->text() << "\n[completed]\n";
        } else {
          std::cerr << response.error().message << ' ' << response.error().advice << '\n';
        }
      });

  const int timer = ticking_timer();
  std::array<pollfd, 2> ready = {pollfd{(*loop)->descriptor(), POLLIN, 0},
                                 pollfd{timer, POLLIN, 0}};
  while (!is_over) {
    ::poll(ready.data(), ready.size(), -1);
    // Does what is ready and never waits, so that the rest of this loop gets its turn.
    if (ready[0].revents != 0) (*loop)->process();
    std::uint64_t ticks = 0;
    if (ready[1].revents != 0 && ::read(timer, &ticks, sizeof ticks) > 0) std::cout << "[tick]\n";
  }
  ::close(timer);
  return has_failed ? 1 : 0;
}
