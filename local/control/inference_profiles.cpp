#include "local/control/inference_profiles.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "base/text.hpp"
#include "json/writer.hpp"
#include "local/frontend/query.hpp"
#include "local/model/models.hpp"

namespace llm::local {
namespace {

constexpr std::string_view kAccount = "000000000000";
constexpr std::string_view kProfileCreated = "2026-01-01T00:00:00Z";

/// Where the profiles with a prefix can be called, and where they route requests.
struct Geography {
  std::string_view prefix;
  std::string_view name;     ///< The start of a profile's name.
  std::string_view callers;  ///< The start of a caller's region.
  std::string_view regions;
};

// Source: Bedrock User Guide, "Supported Regions and models for inference profiles". A profile
// names up to five models; a global one also names the model of no region.
constexpr std::array kGeographies{
    Geography{"apac.", "APAC", "ap-",
              "ap-northeast-1 ap-northeast-2 ap-south-1 ap-southeast-1 ap-southeast-2"},
    Geography{"au.", "AU", "ap-southeast-", "ap-southeast-2 ap-southeast-4"},
    Geography{"ca.", "CA", "ca-", "ca-central-1 ca-west-1"},
    Geography{"eu.", "EU", "eu-", "eu-central-1 eu-north-1 eu-west-1 eu-west-3"},
    Geography{"global.", "Global", "", "us-east-1"},
    Geography{"in.", "IN", "ap-south-", "ap-south-1 ap-south-2"},
    Geography{"jp.", "JP", "ap-northeast-", "ap-northeast-1 ap-northeast-3"},
    Geography{"us-gov.", "US-GOV", "us-gov-", "us-gov-east-1 us-gov-west-1"},
    Geography{"us.", "US", "us-", "us-east-1 us-east-2 us-west-2"},
};

/// A profile: a model and the geography of its prefix.
struct Profile {
  const Model* model = nullptr;
  const Geography* geography = nullptr;

  [[nodiscard]] std::string id() const {
    return std::string(geography->prefix) + std::string(model->id);
  }
  /// `Anthropic Claude 3 Haiku`; without the company for Amazon's own models.
  [[nodiscard]] std::string model_name() const {
    if (model->provider() == "Amazon") return std::string(model->name);
    return std::string(model->provider()) + " " + std::string(model->name);
  }
};

bool is_callable_from(const Geography& geography, std::string_view region) {
  if (geography.prefix == "us." && region.starts_with("us-gov-")) return false;
  // Source: as above; Canada calls the profiles of the US, too.
  if (geography.prefix == "us." && region.starts_with("ca-")) return true;
  return region.starts_with(geography.callers);
}

const Geography* geography_of(std::string_view profile) {
  const std::size_t dot = profile.find('.');
  const auto* found =
      std::ranges::find(kGeographies, profile.substr(0, dot + 1), &Geography::prefix);
  return found == kGeographies.end() ? nullptr : found;
}

std::vector<Profile> profiles_in(std::string_view region) {
  std::vector<Profile> profiles;
  for (const Model& model : models()) {
    for (const std::string_view prefix : base::split(model.profiles, ' ')) {
      const auto* geography = std::ranges::find(kGeographies, prefix, &Geography::prefix);
      if (geography == kGeographies.end() || !is_callable_from(*geography, region)) continue;
      profiles.push_back({.model = &model, .geography = geography});
    }
  }
  return profiles;
}

/// `a, b and c`
std::string enumerate(std::string_view regions) {
  const std::vector<std::string_view> parts = base::split(regions, ' ');
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) text += i + 1 == parts.size() ? " and " : ", ";
    text += parts[i];
  }
  return text;
}

void write_model_arn(std::string_view region, const Model& model, json::Writer& writer) {
  writer.begin_object();
  writer.member("modelArn", "arn:aws:bedrock:" + std::string(region) + "::foundation-model/" +
                                std::string(model.id));
  writer.end_object();
}

/// Writes a profile with its members in the order of published responses.
void write_profile(const Profile& profile, std::string_view region, json::Writer& writer) {
  const Geography& geography = *profile.geography;
  const bool global = geography.callers.empty();
  writer.begin_object();
  writer.member("inferenceProfileName", std::string(geography.name) + " " + profile.model_name());
  writer.member("description",
                "Routes requests to " + profile.model_name() +
                    (global ? std::string(" globally across all supported AWS Regions")
                            : " in " + enumerate(geography.regions)) +
                    ".");
  writer.member("createdAt", kProfileCreated).member("updatedAt", kProfileCreated);
  writer.member("inferenceProfileArn", "arn:aws:bedrock:" + std::string(region) + ":" +
                                           std::string(kAccount) + ":inference-profile/" +
                                           profile.id());
  writer.key("models").begin_array();
  if (global) write_model_arn("", *profile.model, writer);
  for (const std::string_view each : base::split(geography.regions, ' ')) {
    write_model_arn(each, *profile.model, writer);
  }
  writer.end_array().member("inferenceProfileId", profile.id());
  writer.member("status", "ACTIVE").member("type", "SYSTEM_DEFINED").end_object();
}

/// An alias as an application profile. One that is not an ARN has the ARN of its id.
void write_alias(const ModelAlias& alias, std::string_view region, json::Writer& writer) {
  const std::string prefix = "arn:aws:bedrock:" + std::string(region) + ":" +
                             std::string(kAccount) + ":application-inference-profile/";
  const bool is_arn = alias.id.starts_with("arn:");
  const std::string_view base = without_arn(alias.base);
  const Model* model = find_model(base);
  if (model == nullptr) model = find_profile(base);
  writer.begin_object();
  writer.member("inferenceProfileName",
                is_arn ? alias.id.substr(alias.id.rfind('/') + 1) : alias.id);
  writer.member("createdAt", kProfileCreated).member("updatedAt", kProfileCreated);
  writer.member("inferenceProfileArn", is_arn ? alias.id : prefix + alias.id);
  writer.key("models").begin_array();
  write_model_arn(region, *model, writer);
  writer.end_array();
  writer.member("inferenceProfileId", is_arn ? alias.id.substr(alias.id.rfind('/') + 1) : alias.id);
  writer.member("status", "ACTIVE").member("type", "APPLICATION").end_object();
}

}  // namespace

Checked<Reply> list_inference_profiles(std::string_view query, std::string_view region) {
  const std::string type = query_value(query, "type");
  if (auto checked = check_choice(type, "typeEquals", {"SYSTEM_DEFINED", "APPLICATION"});
      !checked) {
    return std::unexpected(checked.error());
  }
  std::vector<Profile> profiles;
  if (type != "APPLICATION") profiles = profiles_in(region);
  const Checked<std::size_t> size = page_size(query);
  if (!size) return std::unexpected(size.error());
  const Checked<std::size_t> first =
      read_page_token(query_value(query, "nextToken"), profiles.size());
  if (!first) return std::unexpected(first.error());

  const std::size_t end = std::min(*first + *size, profiles.size());
  json::Writer writer;
  writer.begin_object().key("inferenceProfileSummaries").begin_array();
  for (std::size_t i = *first; i < end; ++i) write_profile(profiles[i], region, writer);
  writer.end_array();
  if (end < profiles.size()) writer.member("nextToken", page_token(end));
  writer.end_object();
  return json_reply(std::move(writer).take());
}

Checked<void> check_geography(std::string_view identifier, std::string_view region) {
  const std::string_view id = without_arn(identifier);
  const Geography* geography = geography_of(id);
  if (geography == nullptr || find_profile(id) == nullptr || is_callable_from(*geography, region)) {
    return {};
  }
  return invalid_model();
}

Checked<Reply> get_inference_profile(std::string_view identifier, std::string_view region,
                                     std::span<const ModelAlias> aliases) {
  if (const auto alias = std::ranges::find(aliases, identifier, &ModelAlias::id);
      alias != aliases.end()) {
    json::Writer writer;
    write_alias(*alias, region, writer);
    return json_reply(std::move(writer).take());
  }
  const std::string_view id = without_arn(identifier);
  const std::vector<Profile> profiles = profiles_in(region);
  const auto found = std::ranges::find(profiles, id, &Profile::id);
  if (found == profiles.end()) {
    // Bedrock's message is unknown.
    return std::unexpected(Refusal{.status = 404,
                                   .name = "ResourceNotFoundException",
                                   .message = "The inference profile was not found."});
  }
  json::Writer writer;
  write_profile(*found, region, writer);
  return json_reply(std::move(writer).take());
}

}  // namespace llm::local
