#include "local/control_plane.hpp"

#include <algorithm>
#include <array>

#include "base/percent.hpp"
#include "base/text.hpp"
#include "json/writer.hpp"
#include "local/models.hpp"

namespace llm::local {
namespace {

/// The filters of ListFoundationModels; empty: any.
struct Filter {
  std::string provider;
  std::string output_modality;
  std::string inference_type;
  std::string customization_type;
};

Filter parse_filter(std::string_view query) {
  Filter filter;
  for (const std::string_view pair : base::split(query, '&')) {
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view name = pair.substr(0, equals);
    const std::string value = base::percent_decode(pair.substr(equals + 1)).value_or("");
    if (name == "byProvider") filter.provider = value;
    if (name == "byOutputModality") filter.output_modality = value;
    if (name == "byInferenceType") filter.inference_type = value;
    if (name == "byCustomizationType") filter.customization_type = value;
  }
  return filter;
}

Checked<void> check_choice(const std::string& value, std::string_view member,
                           std::initializer_list<std::string_view> allowed) {
  if (value.empty() || std::ranges::find(allowed, value) != allowed.end()) return {};
  std::string list;
  for (const std::string_view choice : allowed) {
    list += (list.empty() ? "" : ", ") + std::string(choice);
  }
  return invalid("1 validation error detected: Value '" + value + "' at '" + std::string(member) +
                 "' failed to satisfy constraint: Member must satisfy enum value set: [" + list +
                 "]");
}

Checked<void> check_filter(const Filter& filter) {
  auto checked =
      check_choice(filter.output_modality, "byOutputModality", {"TEXT", "IMAGE", "EMBEDDING"});
  if (checked) {
    checked = check_choice(filter.inference_type, "byInferenceType", {"ON_DEMAND", "PROVISIONED"});
  }
  if (checked) {
    checked = check_choice(filter.customization_type, "byCustomizationType",
                           {"FINE_TUNING", "CONTINUED_PRE_TRAINING", "DISTILLATION"});
  }
  return checked;
}

/// No model here can be customised, and all of them write text.
bool passes(const Model& model, const Filter& filter) {
  if (!filter.provider.empty() && !base::equals_ignoring_case(filter.provider, model.provider())) {
    return false;
  }
  if (!filter.output_modality.empty() && filter.output_modality != "TEXT") return false;
  if (!filter.customization_type.empty()) return false;
  if (filter.inference_type.empty()) return true;
  return filter.inference_type == "ON_DEMAND" && model.on_demand;
}

void write_strings(json::Writer& writer, std::string_view key,
                   std::initializer_list<std::string_view> values) {
  writer.key(key).begin_array();
  for (const std::string_view value : values) writer.string(value);
  writer.end_array();
}

void write_model(const Model& model, std::string_view region, json::Writer& writer) {
  writer.begin_object();
  writer.member("modelArn", "arn:aws:bedrock:" + std::string(region) + "::foundation-model/" +
                                std::string(model.id));
  writer.member("modelId", model.id).member("modelName", model.name);
  writer.member("providerName", model.provider());
  if (model.vision) {
    write_strings(writer, "inputModalities", {"TEXT", "IMAGE"});
  } else {
    write_strings(writer, "inputModalities", {"TEXT"});
  }
  write_strings(writer, "outputModalities", {"TEXT"});
  writer.key("responseStreamingSupported").boolean(true);
  write_strings(writer, "customizationsSupported", {});
  if (model.on_demand) {
    write_strings(writer, "inferenceTypesSupported", {"ON_DEMAND"});
  } else {
    write_strings(writer, "inferenceTypesSupported", {"INFERENCE_PROFILE"});
  }
  writer.key("modelLifecycle").begin_object();
  writer.member("status", model.legacy ? "LEGACY" : "ACTIVE").end_object();
  writer.end_object();
}

Reply json_reply(json::Writer&& writer) {
  Reply reply{.body = std::move(writer).take()};
  reply.headers = {{"Content-Type", "application/json"}};
  return reply;
}

}  // namespace

Checked<Reply> list_foundation_models(std::string_view query, std::string_view region) {
  const Filter filter = parse_filter(query);
  if (auto checked = check_filter(filter); !checked) return std::unexpected(checked.error());

  json::Writer writer;
  writer.begin_object().key("modelSummaries").begin_array();
  for (const Model& model : models()) {
    if (passes(model, filter)) write_model(model, region, writer);
  }
  writer.end_array().end_object();
  return json_reply(std::move(writer));
}

Checked<Reply> get_foundation_model(std::string_view identifier, std::string_view region) {
  constexpr std::string_view kKind = ":foundation-model/";
  const std::size_t arn = identifier.find(kKind);
  const std::string_view id =
      arn == std::string_view::npos ? identifier : identifier.substr(arn + kKind.size());
  const Model* model = find_model(id);
  if (model == nullptr) return invalid("The provided model identifier is invalid.");

  json::Writer writer;
  writer.begin_object().key("modelDetails");
  write_model(*model, region, writer);
  writer.end_object();
  return json_reply(std::move(writer));
}

}  // namespace llm::local
