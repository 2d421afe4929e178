// However the body of a request reads, the local Bedrock replies as Bedrock could: with a response
// that can be decoded, or with a refusal that has a name and a message. The same body gets the same
// reply. The input is a letter for the model, one for the operation, and the body.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "aws/protocol/event_stream.hpp"
#include "base/percent.hpp"
#include "base/time.hpp"
#include "fuzz/require.hpp"
#include "json/reader.hpp"
#include "local/service.hpp"

namespace {

using llm::fuzz::require;
using llm::local::Reply;

constexpr std::string_view kModels[] = {"anthropic.claude-3-haiku-20240307-v1:0",
                                        "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
                                        "us.anthropic.claude-opus-4-7",
                                        "anthropic.claude-v2:1",
                                        "amazon.titan-text-express-v1",
                                        "meta.llama3-8b-instruct-v1:0",
                                        "amazon.nova-pro-v1:0",
                                        "mistral.mistral-7b-instruct-v0:2",
                                        "cohere.command-text-v14",
                                        "cohere.command-r-v1:0",
                                        "us.deepseek.r1-v1:0",
                                        "openai.gpt-oss-120b-1:0",
                                        "amazon.titan-embed-text-v2:0",
                                        "amazon.titan-embed-image-v1",
                                        "cohere.embed-english-v3",
                                        "amazon.nova-2-multimodal-embeddings-v1:0"};
constexpr std::string_view kOperations[] = {"invoke", "invoke-with-response-stream", "converse",
                                            "converse-stream", "count-tokens"};

std::string target_of(char model, char operation) {
  const auto choose = [](const auto& names, char letter) {
    return names[static_cast<unsigned char>(letter) % std::size(names)];
  };
  if (operation == 'g') return "/guardrail/gr1/version/1/apply";
  return "/model/" + llm::base::percent_encode(choose(kModels, model)) + "/" +
         std::string(choose(kOperations, operation));
}

void check_stream(const Reply& reply) {
  std::string bytes;
  for (const llm::local::Frame& frame : reply.frames) bytes += frame.bytes;
  llm::aws::EventStreamDecoder decoder;
  decoder.feed(bytes);
  llm::json::Parser parser;
  for (;;) {
    const auto message = decoder.next();
    require(message.has_value(), "a stream can be decoded");
    if (*message == nullptr) break;
    require((*message)->message_type == "event", "a stream has events only");
    require(parser.parse((*message)->payload).has_value(), "a payload is JSON");
  }
  require(decoder.finish().has_value(), "a stream is complete");
}

void check_reply(const Reply& reply) {
  for (const auto& header : reply.headers) {
    require(header.value.find_first_of("\r\n") == std::string::npos, "a header is one line");
  }
  if (reply.streamed) return check_stream(reply);
  llm::json::Parser parser;
  const auto body = parser.parse(reply.body);
  require(body.has_value(), "a body is JSON");
  if (reply.status == 200) return;
  require(reply.status >= 400 && reply.status < 500, "a refusal says that the request is wrong");
  require((*body)["message"].is_string(), "a refusal has a message");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  if (input.size() < 2) return 0;
  const llm::local::Request request{
      .method = "POST",
      .target = target_of(input[0], input[1]),
      .headers = {{"Host", "127.0.0.1"}, {"Content-Type", "application/json"}},
      .body = std::string(input.substr(2))};
  static const llm::local::Service service({.verify_signatures = false});
  const auto handle = [&] {
    service.clear();
    return service
        .handle(request, {.now = *llm::base::parse_compact_iso8601("20260101T000000Z"),
                          .request_id = "00000000-0000-4000-8000-000000000001"})
        .reply;
  };
  const Reply reply = handle();
  check_reply(reply);
  const Reply again = handle();
  require(again.status == reply.status && again.body == reply.body, "the reply is the same again");
  return 0;
}
