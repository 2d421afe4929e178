#include "bedrock/codec/count_tokens.hpp"

#include <array>
#include <utility>

#include "bedrock/codec/response.hpp"
#include "json/reader.hpp"
#include "json/writer.hpp"

namespace llm::bedrock {
namespace {

// botocore, shape ConverseTokensRequest: all else of a Converse request is no part of the prompt.
constexpr std::array<std::string_view, 4> kCountedMembers = {"messages", "system", "toolConfig",
                                                             "additionalModelRequestFields"};

void write_converse(std::string_view body, json::Writer& writer) {
  json::Parser parser;
  const auto root = parser.parse(body);
  writer.key("converse").begin_object();
  for (const std::string_view name : kCountedMembers) {
    const json::Value member = root ? (*root)[name] : json::Value();
    if (member.exists()) member.write_to(writer.key(name));
  }
  writer.end_object();
}

}  // namespace

WireRequest encode_count_tokens(WireRequest chat) {
  json::Writer writer;
  writer.begin_object().key("input").begin_object();
  if (chat.operation == "converse") {
    write_converse(chat.body, writer);
  } else {
    writer.key("invokeModel").begin_object().key("body").base64(chat.body).end_object();
  }
  writer.end_object().end_object();
  // Converse's place for a schema is outside what is counted; tools and native bodies carry it in.
  if (chat.operation == "converse" && chat.structured_output == "native") {
    chat.warnings.push_back({"response_format_not_counted",
                             "CountTokens has no place for the response_format of a Converse "
                             "request; its schema is not counted"});
  }
  return {.operation = "count-tokens",
          .headers = {{"Content-Type", "application/json"}, {"Accept", "application/json"}},
          .body = std::move(writer).take(),
          .warnings = std::move(chat.warnings)};
}

Result<std::int64_t> decode_count_tokens(std::string_view body) {
  json::Parser parser;
  const auto root = parser.parse(body);
  const auto tokens = root ? count_of((*root)["inputTokens"]) : std::nullopt;
  if (tokens) return *tokens;
  return std::unexpected(make_error(ErrorCode::model_error,
                                    "CountTokens answered without a number of tokens; check the "
                                    "endpoint URL and proxies between here and it."));
}

}  // namespace llm::bedrock
