// Reads several streams at once on one thread, with callbacks.
#include <iostream>
#include <string>
#include <vector>

#include <llm/async_client.hpp>
#include <llm/llm.hpp>

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

  const std::vector<std::string> cities = {"Oslo", "Lima", "Accra"};
  std::vector<std::string> texts(cities.size());
  int failed = 0;
  for (std::size_t i = 0; i < cities.size(); ++i) {
    llm::ChatRequest request{
        .messages = {llm::Message::user("Describe " + cities[i] + " in one sentence.")},
        .max_tokens = 200,
    };
    // What the callbacks refer to outlives the loop's run.
    const auto on_event = [&texts, i](const llm::StreamEvent& event) {
      texts[i] += event.delta().text();
      return llm::Flow::go_on;
    };
    const auto on_end = [&, i](llm::Result<llm::Done> done) {
      if (done) {
        std::cout << cities[i] << ": " << texts[i] << " [" << to_string(done->finish_reason)
                  << "]\n";
      } else {
        std::cerr << done.error().message << ' ' << done.error().advice << '\n';
        ++failed;
      }
    };
    async.stream_chat_completion(std::move(request), {}, {.on_event = on_event, .on_end = on_end});
  }
  (*loop)->run();  // Returns when all streams have ended.
  return failed == 0 ? 0 : 1;
}
