#include <llm/token_count.hpp>

#include <utility>

#include "llm/to_json.hpp"

namespace llm {

std::string to_json(const TokenCount& count) {
  using namespace to_json_parts;
  json::Writer writer;
  writer.begin_object().member("model", count.model);
  writer.key("prompt_tokens").integer(count.prompt_tokens);
  write_warnings(count.warnings, writer.key("warnings"));
  write_text_or_null(count.request_id, writer.key("request_id"));
  writer.key("attempts").integer(count.attempts);
  writer.end_object();
  return std::move(writer).take();
}

}  // namespace llm
