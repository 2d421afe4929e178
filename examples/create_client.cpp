// Creates clients: with a region, and with custom endpoints.
#include <iostream>

#include <llm/llm.hpp>

namespace {

int report(const llm::Error& error) {
  std::cerr << llm::to_string(error.code) << ": " << error.message << ' ' << error.advice << '\n';
  return 1;
}

}  // namespace

int main() {
  const auto regional = llm::create_client({
      .provider = "bedrock",
      .model = "us.anthropic.claude-haiku-4-5-20251001-v1:0",
      .extra = {{"region", "us-east-1"}},
  });
  if (!regional) return report(regional.error());

  const auto custom = llm::create_client({
      .provider = "bedrock",
      .model = "us.anthropic.claude-haiku-4-5-20251001-v1:0",
      .base_url = "https://bedrock-runtime.us-west-2.amazonaws.com",
      .extra = {{"region", "us-west-2"},
                {"bedrock_endpoint", "https://bedrock.us-west-2.amazonaws.com"}},
  });
  if (!custom) return report(custom.error());

  const auto info = custom->model_info();
  if (!info) return report(info.error());
  std::cout << info->id << ": " << info->context_window.value_or(0) << " tokens of context\n";
  return 0;
}
