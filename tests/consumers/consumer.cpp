// What a user's first program does: it makes a client and asks, here without any network.
#include <iostream>
#include <memory>

#include <llm/bedrock/client.hpp>
#include <llm/llm.hpp>
#include <llm/testing.hpp>

int main() {
  auto transport = std::make_shared<llm::testing::ScriptedTransport>();
  transport->expect({
      .headers = {{"content-type", "application/json"}},
      .body = {R"({"generation":"installed and linked","prompt_token_count":1,)"
               R"("generation_token_count":2,"stop_reason":"stop"})"},
  });
  const auto client = llm::bedrock::create_client({
      .model = "meta.llama3-3-70b-instruct-v1:0",
      .region = "us-east-1",
      .credentials = llm::aws::static_credentials(
          {.access_key_id = "id", .secret_access_key = llm::Secret("secret")}),
      .environment_use = llm::bedrock::EnvironmentUse::ignore,
      .transport = transport,
  });
  if (!client) {
    std::cerr << client.error().message << '\n';
    return 1;
  }
  const auto response = client->chat_completion({.messages = {llm::Message::user("hello")}});
  if (!response) {
    std::cerr << response.error().message << '\n';
    return 1;
  }
  std::cout << response->text() << '\n';
  return 0;
}
