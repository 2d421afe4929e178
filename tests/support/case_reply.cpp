#include "tests/support/case_reply.hpp"

#include <utility>
#include <vector>

#include "aws/protocol/event_stream.hpp"
#include "json/reader.hpp"
#include "json/writer.hpp"
#include "tests/support/source_directory.hpp"
#include "tests/support/temporary_directory.hpp"

namespace llm::test_support {
namespace {

using Headers = std::vector<std::pair<std::string_view, std::string_view>>;

void append_frame(const json::Value& listed, std::string& out) {
  std::vector<json::Value> parts;
  for (const json::Value part : listed.elements()) parts.push_back(part);
  const std::string type = parts.at(0).text_or_empty();
  std::string payload = parts.at(1).to_text();
  if (type.starts_with('!')) {
    aws::append_event_message(Headers{{":exception-type", std::string_view(type).substr(1)},
                                      {":message-type", "exception"}},
                              payload, out);
    return;
  }
  if (type == "chunk") {
    json::Writer writer;
    writer.begin_object().key("bytes").base64(payload).end_object();
    payload = std::move(writer).take();
  }
  aws::append_event_message(Headers{{":event-type", type}, {":message-type", "event"}}, payload,
                            out);
}

}  // namespace

std::filesystem::path case_path(std::string_view folder, std::string_view name) {
  return source_directory() / "tests/cases" / folder / name;
}

std::string case_file(std::string_view folder, std::string_view name) {
  return file_content(case_path(folder, name));
}

testing::ScriptedResponse case_reply(std::string_view folder, std::string_view name) {
  json::Parser parser;
  const auto root = parser.parse(case_file(folder, name));
  testing::ScriptedResponse response;
  if (!root) return {.status = 500, .body = {"no such case"}};
  response.status = static_cast<int>((*root)["status"].integer().value_or(200));
  for (const auto [header, value] : (*root)["headers"].members()) {
    response.headers.push_back({std::string(header), value.text_or_empty()});
  }
  if ((*root)["frames"].exists()) {
    response.headers.push_back({"content-type", "application/vnd.amazon.eventstream"});
  }
  std::string body;
  for (const json::Value listed : (*root)["frames"].elements()) append_frame(listed, body);
  if ((*root)["body"].exists()) body = (*root)["body"].to_text();
  response.body = {std::move(body)};
  return response;
}

}  // namespace llm::test_support
