#include "bench/prompts.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace bench {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kModel = "anthropic.claude-3-haiku-20240307-v1:0";

// The part that a client reads: signature, IHDR, 640 x 480 (PNG 3rd edition, 5.2 and 11.2.1).
constexpr std::string_view kPngStart =
    "\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR\0\0\x02\x80\0\0\x01\xE0\x08\x02\0\0\0"sv;

std::string image(std::size_t size) {
  std::string bytes(kPngStart);
  std::uint32_t state = 1;
  while (bytes.size() < size) {
    state = state * 1664525 + 1013904223;
    bytes.push_back(static_cast<char>(state >> 24));
  }
  return bytes;
}

}  // namespace

llm::ChatRequest chat_request(const Task& task) {
  llm::ChatRequest request{.max_tokens = 1000, .temperature = 0.5};
  for (std::size_t i = 1; i < task.size && task.shape == "history"; ++i) {
    request.messages.push_back(i % 2 == 1 ? llm::Message::user("Why is the sky blue?")
                                          : llm::Message::assistant("Because of the air."));
  }
  llm::Message last = llm::Message::user("Why is the sky blue, and not violet?");
  if (task.shape == "image") {
    last.content.insert(last.content.begin(), llm::ImageContent{.source = image(task.size)});
  }
  request.messages.push_back(std::move(last));
  return request;
}

llm::Result<llm::Client> client_for(const Task& task,
                                    std::shared_ptr<const llm::Transport> transport) {
  llm::bedrock::Options options;
  options.model = kModel;
  options.region = "us-east-1";
  options.runtime_endpoint = task.url;
  options.credentials = llm::aws::static_credentials(
      {.access_key_id = "AKIDEXAMPLE", .secret_access_key = llm::Secret("not-a-secret")});
  options.api = task.operation.starts_with("converse") ? llm::bedrock::Api::converse
                                                       : llm::bedrock::Api::invoke;
  options.max_retries = 0;
  options.environment_use = llm::bedrock::EnvironmentUse::ignore;
  options.transport = std::move(transport);
  return llm::bedrock::create_client(std::move(options));
}

bool is_streamed(const Task& task) { return task.operation.ends_with("stream"); }

}  // namespace bench
