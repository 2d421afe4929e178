// A user's test: a client against the local Bedrock in the same process.
#include <iostream>

#include <llm/llm.hpp>
#include <llm/local/server.hpp>

int main() {
  const auto server = llm::local::Server::start();
  if (!server) return 1;
  const auto client = llm::create_client({
      .provider = "bedrock",
      .model = "us.meta.llama3-3-70b-instruct-v1:0",
      .base_url = server->url(),
      .extra = {{"region", "us-east-1"},
                {"access_key_id", "local"},
                {"secret_access_key", "local"}},
  });
  if (!client) return 1;
  const auto response = client->chat_completion({.messages = {llm::Message::user("hello")}});
  if (!response) {
    std::cerr << response.error().message << '\n';
    return 1;
  }
  std::cout << "local: " << response->text() << '\n';
  return 0;
}
