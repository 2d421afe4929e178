#include "local/control/foundation_models.hpp"

#include <algorithm>
#include <string>

#include "base/text.hpp"
#include "json/writer.hpp"
#include "local/frontend/query.hpp"
#include "local/model/models.hpp"

namespace llm::local {
namespace {

/// The filters of ListFoundationModels. An empty one passes every model.
struct Filter {
  std::string provider;
  std::string output_modality;
  std::string inference_type;
  std::string customization_type;
};

Filter parse_filter(std::string_view query) {
  return {.provider = query_value(query, "byProvider"),
          .output_modality = query_value(query, "byOutputModality"),
          .inference_type = query_value(query, "byInferenceType"),
          .customization_type = query_value(query, "byCustomizationType")};
}

/// Source: botocore, Provider.
Checked<void> check_provider(std::string_view provider) {
  constexpr std::size_t kMaxBytes = 63;
  const bool fits = std::ranges::all_of(provider, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == ' ';
  });
  if (fits && provider.size() <= kMaxBytes) return {};
  return invalid("1 validation error detected: Value '" + std::string(provider) +
                 "' at 'byProvider' failed to satisfy constraint: Member must satisfy regular "
                 "expression pattern: [A-Za-z0-9- ]{1,63}");
}

Checked<void> check_filter(const Filter& filter) {
  auto checked = check_provider(filter.provider);
  if (!checked) return checked;
  checked =
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

/// No model here can be customised.
bool passes(const Model& model, const Filter& filter) {
  if (!filter.provider.empty() && !base::equals_ignoring_case(filter.provider, model.provider())) {
    return false;
  }
  const std::string_view output = model.embeds() ? "EMBEDDING" : "TEXT";
  if (!filter.output_modality.empty() && filter.output_modality != output) return false;
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
  write_strings(writer, "outputModalities", {model.embeds() ? "EMBEDDING" : "TEXT"});
  writer.key("responseStreamingSupported").boolean(!model.embeds());
  write_strings(writer, "customizationsSupported", {});
  if (model.on_demand) {
    write_strings(writer, "inferenceTypesSupported", {"ON_DEMAND"});
  } else {
    write_strings(writer, "inferenceTypesSupported", {"INFERENCE_PROFILE"});
  }
  writer.key("modelLifecycle").begin_object();
  writer.member("status", model.legacy ? "LEGACY" : "ACTIVE");
  if (!model.end_of_life.empty()) {
    writer.member("endOfLifeTime", std::string(model.end_of_life) + "T00:00:00Z");
  }
  writer.end_object();
  writer.end_object();
}

/// The model of an id or a foundation-model ARN.
Checked<const Model*> model_to_describe(std::string_view identifier) {
  const Model* model = find_model(without_arn(identifier));
  if (model == nullptr) return invalid_model();
  return model;
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
  return json_reply(std::move(writer).take());
}

Checked<Reply> get_foundation_model(std::string_view identifier, std::string_view region) {
  const Checked<const Model*> model = model_to_describe(identifier);
  if (!model) return std::unexpected(model.error());

  json::Writer writer;
  writer.begin_object().key("modelDetails");
  write_model(**model, region, writer);
  writer.end_object();
  return json_reply(std::move(writer).take());
}

Checked<Reply> get_foundation_model_availability(std::string_view identifier) {
  const Checked<const Model*> model = model_to_describe(identifier);
  if (!model) return std::unexpected(model.error());

  json::Writer writer;
  writer.begin_object().member("modelId", (*model)->id);
  writer.key("agreementAvailability").begin_object().member("status", "AVAILABLE").end_object();
  writer.member("authorizationStatus", "AUTHORIZED");
  writer.member("entitlementAvailability", "AVAILABLE");
  writer.member("regionAvailability", "AVAILABLE").end_object();
  return json_reply(std::move(writer).take());
}

}  // namespace llm::local
