// Handles an error by its code. The requested model does not exist.
#include <iostream>

#include <llm/llm.hpp>

int main() {
  const auto client = llm::create_client({
      .provider = "bedrock",
      .model = "anthropic.claude-of-tomorrow-v9:0",
      .extra = {{"region", "us-east-1"}},
  });
  if (!client) {
    std::cerr << client.error().message << ' ' << client.error().advice << '\n';
    return 1;
  }

  const auto response = client->chat_completion({
      .messages = {llm::Message::user("Hello")},
      .max_tokens = 10,
  });
  if (response) {
    std::cout << response->text() << '\n';
    return 0;
  }
  const llm::Error& error = response.error();
  switch (error.code) {
    case llm::ErrorCode::authentication_error:
      std::cout << "Check your AWS credentials\n";
      break;
    case llm::ErrorCode::rate_limit_error:
      std::cout << "Rate limited, retry with backoff\n";
      break;
    case llm::ErrorCode::model_not_found:
      std::cout << "Model not available or access not granted\n";
      break;
    default:
      std::cout << "Bedrock error: " << error.message << ' ' << error.advice << '\n';
  }
  return 0;
}
