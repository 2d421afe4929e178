// Sends one prompt and prints the complete response.
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

  const auto response = client->chat_completion({
      .messages = {llm::Message::user("Hello! How are you?")},
      .max_tokens = 1000,
      .temperature = 0.7,
  });
  if (!response) {
    std::cerr << response.error().message << ' ' << response.error().advice << '\n';
    return 1;
  }
  std::cout << response->text() << '\n';
  return 0;
}
