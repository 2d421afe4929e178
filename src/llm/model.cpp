#include <llm/model.hpp>

#include "json/writer.hpp"
#include "llm/to_json.hpp"

namespace llm {
namespace {

using namespace to_json_parts;

std::string_view lifecycle_word(Lifecycle lifecycle) {
  switch (lifecycle) {
    case Lifecycle::active:
      return "active";
    case Lifecycle::legacy:
      return "legacy";
    case Lifecycle::end_of_life:
      return "end_of_life";
    case Lifecycle::unknown:
      return {};
  }
  return {};
}

void write_price(const Price& price, json::Writer& writer) {
  writer.begin_object();
  write_optional(price.input, writer.key("input"));
  write_optional(price.output, writer.key("output"));
  write_optional(price.cache_read, writer.key("cache_read"));
  write_optional(price.cache_write, writer.key("cache_write"));
  write_optional(price.cache_write_1h, writer.key("cache_write_1h"));
  writer.end_object();
}

void write_strings_or_null(bool known, const std::vector<std::string>& strings,
                           json::Writer& writer) {
  if (!known) {
    writer.null();
    return;
  }
  write_strings(strings, writer);
}

void write_identity(const ModelInfo& model, json::Writer& writer) {
  writer.member("id", model.id);
  write_text_or_null(model.base_id, writer.key("base_id"));
  write_text_or_null(model.provider, writer.key("provider"));
  write_text_or_null(model.name, writer.key("name"));
  write_text_or_null(model.api, writer.key("api"));
  write_text_or_null(model.wire_format, writer.key("wire_format"));
  write_text_or_null(model.mode, writer.key("mode"));
}

void write_abilities(const ModelInfo& model, json::Writer& writer) {
  write_optional(model.context_window, writer.key("context_window"));
  write_optional(model.max_output_tokens, writer.key("max_output_tokens"));
  write_support(model.tools, writer.key("tools"));
  write_support(model.vision, writer.key("vision"));
  write_support(model.streaming, writer.key("streaming"));
  write_support(model.reasoning, writer.key("reasoning"));
  write_support(model.prompt_caching, writer.key("prompt_caching"));
  write_strings_or_null(!model.input_modalities.empty(), model.input_modalities,
                        writer.key("input_modalities"));
  write_strings_or_null(!model.base_id.empty(), model.profile_prefixes,
                        writer.key("profile_prefixes"));
}

}  // namespace

namespace to_json_parts {

void write_support(Support support, json::Writer& writer) {
  if (support == Support::unknown) {
    writer.null();
    return;
  }
  writer.boolean(support == Support::yes);
}

void write_model_members(const ModelInfo& model, json::Writer& writer) {
  write_identity(model, writer);
  write_abilities(model, writer);
  write_price(model.price, writer.key("price_usd"));
  write_text_or_null(lifecycle_word(model.lifecycle), writer.key("lifecycle"));
  write_text_or_null(model.end_of_life, writer.key("end_of_life"));
  write_text_or_null(model.successor, writer.key("successor"));
  write_strings(model.sources, writer.key("sources"));
}

}  // namespace to_json_parts

std::string to_json(const ModelInfo& model) {
  json::Writer writer;
  writer.begin_object();
  write_model_members(model, writer);
  writer.end_object();
  return std::move(writer).take();
}

}  // namespace llm
