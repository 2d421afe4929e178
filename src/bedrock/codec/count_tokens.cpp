#include "bedrock/codec/count_tokens.hpp"

#include <array>
#include <utility>

#include "bedrock/codec/response.hpp"
#include "json/reader.hpp"
#include "json/writer.hpp"

namespace llm::bedrock {
namespace {

// botocore, shape ConverseTokensRequest: the other members of a Converse request are not counted.
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
  if (chat.operation == Operation::converse) {
    write_converse(chat.body, writer);
  } else {
    writer.key("invokeModel").begin_object().key("body").base64(chat.body).end_object();
  }
  writer.end_object().end_object();
  // Converse carries a schema outside of what is counted; as a tool or in a native body it is
  // counted.
  if (chat.operation == Operation::converse && chat.structured_output == "native") {
    chat.warnings.push_back({"response_format_not_counted",
                             "The schema of response_format is not counted, because CountTokens "
                             "does not accept it in a Converse request."});
  }
  return {.operation = Operation::count_tokens,
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
                                    "The CountTokens response has no number of tokens.",
                                    "Check the endpoint URL and any proxy in front of it."));
}

}  // namespace llm::bedrock
