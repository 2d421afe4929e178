// Runs a function of this program for the model until the model calls no more.
#include <iostream>

#include <llm/llm.hpp>

namespace {

llm::Result<llm::ToolOutput> get_weather(const llm::Json& arguments) {
  std::cout << "[get_weather " << arguments.text() << "]\n";
  return llm::ToolOutput::text("4 degrees and rain");
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
  const auto schema = llm::Json::parse(
      R"({"type":"object","properties":{"city":{"type":"string"}},"required":["city"]})");
  if (!schema) return 1;

  llm::ToolLoop loop;
  const auto added = loop.add(
      {
          .name = "get_weather",
          .description = "Returns the weather of a city.",
          .parameters = *schema,
      },
      get_weather);
  if (!added) {
    std::cerr << added.error().message << ' ' << added.error().advice << '\n';
    return 1;
  }
  llm::ChatRequest request{
      .messages = {llm::Message::user("Use get_weather: do I need an umbrella in Oslo?")},
      .max_tokens = 1000,
  };
  const auto outcome = loop.run(*client, request, {.max_steps = 5});
  if (!outcome) {
    std::cerr << outcome.error().message << ' ' << outcome.error().advice << '\n';
    return 1;
  }
  // The request now contains the conversation: append a message and run again to continue.
  std::cout << outcome->response.text() << "\n[" << outcome->steps << " steps, "
            << request.messages.size() << " messages]\n";
  return 0;
}
