// Prints a completion while it is generated.
#include <iostream>

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

  auto stream = client->stream_chat_completion({
      .messages = {llm::Message::user("Write a short story about space exploration.")},
      .max_tokens = 2000,
  });
  for (const auto& event : stream) {
    if (event.is_error()) {
      std::cerr << "Error: " << event.error().message << ' ' << event.error().advice << '\n';
      return 1;
    }
    if (event.is_delta()) std::cout << event.delta().text() << std::flush;
    if (event.is_done()) {
      std::cout << "\n[Completed: " << llm::to_string(event.done().finish_reason) << "]\n";
    }
  }
  return 0;
}
