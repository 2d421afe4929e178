#include <llm/embedding.hpp>

#include <utility>

#include "llm/to_json.hpp"

namespace llm {
namespace {

using namespace to_json_parts;

void write_embedding_details(const EmbeddingDetails& details, json::Writer& writer) {
  std::optional<std::int64_t> latency_ms;
  if (details.model_latency) latency_ms = details.model_latency->count();

  writer.begin_object();
  write_strings(details.request_ids, writer.key("request_ids"));
  write_optional(latency_ms, writer.key("model_latency_ms"));
  writer.key("attempts").integer(details.attempts);
  write_dollars(details.cost_usd, writer.key("cost_usd"));
  writer.end_object();
}

}  // namespace

std::string to_json(const EmbeddingResponse& response) {
  json::Writer writer;
  writer.begin_object().member("model", response.model);
  writer.key("embeddings").begin_array();
  for (const std::vector<double>& embedding : response.embeddings) {
    writer.begin_array();
    for (const double number : embedding) writer.number(number);
    writer.end_array();
  }
  writer.end_array();
  write_usage(response.usage, writer.key("usage"));
  write_warnings(response.warnings, writer.key("warnings"));
  write_embedding_details(response.details, writer.key("details"));
  writer.end_object();
  return std::move(writer).take();
}

}  // namespace llm
