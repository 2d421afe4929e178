// Reads a stream and asks a further question about it, in a coroutine.
#include <iostream>
#include <string>

#include <llm/async_client.hpp>
#include <llm/llm.hpp>

namespace {

void print(const llm::Error& error) { std::cerr << error.message << ' ' << error.advice << '\n'; }

// Parameters by value: the coroutine outlives the function call.
llm::Task<bool> converse(llm::AsyncClient client, std::string prompt) {
  llm::ChatRequest request{.messages = {llm::Message::user(prompt)}, .max_tokens = 300};
  std::string text;
  auto stream = client.stream_chat_completion(request);
  // An event lives until the next call of `next`.
  while (const llm::StreamEvent* event = co_await stream.next()) {
    if (event->is_error()) {
      print(event->error());
      co_return false;
    }
    if (event->is_done()) std::cout << "\n[" << to_string(event->done().finish_reason) << "]\n";
    if (!event->is_delta()) continue;
    std::cout << event->delta().text() << std::flush;
    text += event->delta().text();
  }

  request.messages.push_back(llm::Message::assistant(text));
  request.messages.push_back(llm::Message::user("Now in five words."));
  const llm::Result<llm::ChatResponse> response = co_await client.chat_completion(request);
  if (!response) {
    print(response.error());
    co_return false;
  }
  std::cout << response->text() << "\n[2 turns]\n";
  co_return true;
}

llm::Task<> run(llm::AsyncClient client, bool& succeeded) {
  succeeded = co_await converse(std::move(client), "Why is the sky blue?");
}

}  // namespace

int main() {
  const auto client = llm::create_client({
      .provider = "bedrock",
      .model = "us.anthropic.claude-haiku-4-5-20251001-v1:0",
      .extra = {{"region", "us-east-1"}},
  });
  if (!client) {
    print(client.error());
    return 1;
  }
  const auto loop = llm::EventLoop::create();
  if (!loop) {
    print(loop.error());
    return 1;
  }
  bool succeeded = false;  // Outlives the coroutine, which ends before `run` returns.
  llm::spawn(**loop, run(llm::AsyncClient(*client, **loop), succeeded));
  (*loop)->run();
  return succeeded ? 0 : 1;
}
