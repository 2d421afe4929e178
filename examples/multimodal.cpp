// Asks about an image; the media type is detected from its bytes.
#include <iostream>

#include <llm/llm.hpp>

int main(int count, char** values) {
  if (count != 2) {
    std::cerr << "usage: example_multimodal IMAGE\n";
    return 2;
  }
  const auto client = llm::create_client({
      .provider = "bedrock",
      .model = "us.anthropic.claude-haiku-4-5-20251001-v1:0",
      .extra = {{"region", "us-east-1"}},
  });
  if (!client) {
    std::cerr << client.error().message << ' ' << client.error().advice << '\n';
    return 1;
  }
  auto image = llm::image_from_file(values[1]);
  if (!image) {
    std::cerr << image.error().message << ' ' << image.error().advice << '\n';
    return 1;
  }

  const auto response = client->chat_completion({
      .messages = {{
          .role = llm::Role::user,
          .content = {llm::TextContent{"What do you see in this image?"}, std::move(*image)},
      }},
      .max_tokens = 1000,
  });
  if (!response) {
    std::cerr << response.error().message << ' ' << response.error().advice << '\n';
    return 1;
  }
  std::cout << response->text() << '\n';
  return 0;
}
