// A request that is read from JSON is written and read again as the same, and what a codec makes of
// it is JSON, with or without lint. The input is a letter for the model, and the request.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <llm/request_json.hpp>

#include "bedrock/catalogue/catalogue.hpp"
#include "bedrock/codec/codec.hpp"
#include "bedrock/lint/linter.hpp"
#include "fuzz/chat_client.hpp"

namespace {

using namespace llm::bedrock;
using namespace llm::fuzz;
using llm::ChatRequest;

void check_round_trip(const ChatRequest& request) {
  const std::string text = llm::to_json(request);
  const auto again = llm::chat_request_from_json(text);
  require(again.has_value(), "what is written can be read");
  require(llm::to_json(*again) == text, "writing it again changes nothing");
}

struct Encoding {
  ModelId model{};
  const Codec* codec = nullptr;
  Delivery delivery = Delivery::buffered;
};

void encode(const ChatRequest& request, const Encoding& encoding, Lint lint) {
  const linter::Target target{.facts = encoding.model.facts,
                              .by_converse = encoding.codec == &converse_codec(),
                              .delivery = encoding.delivery};
  auto passed = linter::pass(request, target, lint, {});
  if (!passed) return check_error(passed.error());
  const ChatRequest& sent = passed->repaired ? *passed->repaired : request;
  if (passed->repaired) {
    check_round_trip(sent);
    require(linter::pass(sent, target, Lint::refuse, {}).has_value(), "what is repaired passes");
  }
  const auto wire = encoding.codec->encode(sent, std::move(passed->conversation), encoding.model,
                                           encoding.delivery);
  if (!wire) return check_error(wire.error());
  check_json(wire->body);
  for (const llm::HttpHeader& header : wire->headers) {
    require(header.value.find_first_of("\r\n") == std::string::npos, "a header is one line");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  if (input.empty()) return 0;
  const auto request = llm::chat_request_from_json(input.substr(1));
  if (!request) {
    require(request.error().code == llm::ErrorCode::configuration_error, "the code of the error");
    check_error(request.error());
    return 0;
  }
  check_round_trip(*request);

  const ChatModel& model = chat_model(input[0]);
  Encoding encoding{.model = *parse_model_id(model.id)};
  encoding.codec = model.api == Api::converse ? &converse_codec()
                                              : &codec_for(encoding.model.facts->wire_format);
  for (const Delivery delivery : {Delivery::buffered, Delivery::streaming}) {
    encoding.delivery = delivery;
    for (const Lint lint : {Lint::off, Lint::refuse, Lint::repair}) {
      encode(*request, encoding, lint);
    }
  }
  return 0;
}
