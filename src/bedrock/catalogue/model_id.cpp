#include <algorithm>
#include <array>
#include <utility>

#include "base/errors.hpp"
#include "base/text.hpp"
#include "bedrock/catalogue/catalogue.hpp"
#include "bedrock/catalogue/overlay.hpp"

namespace llm::bedrock {
namespace {

constexpr std::size_t kMaxIdBytes = 2048;    // botocore ConversationalModelId
constexpr std::size_t kMaxRegionBytes = 20;  // botocore, region of a Bedrock ARN

/// Prefixes of inference profiles, recognised even if the catalogue does not know the model.
constexpr std::array<std::string_view, 9> kProfilePrefixes = {"us", "eu", "apac",   "au",    "jp",
                                                              "in", "ca", "us-gov", "global"};

/// Resource types of ARNs in an AWS account. Only a custom model's ARN names its base model:
/// `custom-model/<base id>/<id>` (botocore ConversationalModelId).
constexpr std::array<std::pair<std::string_view, IdKind>, 8> kResourceKinds = {{
    {"application-inference-profile", IdKind::application_profile},
    {"provisioned-model", IdKind::provisioned},
    {"custom-model", IdKind::custom},
    {"custom-model-deployment", IdKind::custom},
    {"imported-model", IdKind::imported},
    {"prompt-router", IdKind::router},
    {"default-prompt-router", IdKind::router},
    {"prompt", IdKind::prompt},
}};

std::unexpected<Error> refuse(std::string message) {
  return base::configuration_error(
      std::move(message),
      "Use a Bedrock model id, an inference profile id such as \"us.<model id>\", or an ARN.");
}

bool is_lower_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

bool is_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_name(std::string_view text) {
  return !text.empty() &&
         std::ranges::all_of(text, [](char c) { return is_lower_or_digit(c) || c == '-'; });
}

/// `<provider>.<model>` as the service writes its own ids: lower case.
bool is_base_form(std::string_view text) {
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos || !is_name(text.substr(0, dot))) return false;
  const std::string_view model = text.substr(dot + 1);
  return !model.empty() && is_lower_or_digit(model.front()) &&
         std::ranges::all_of(model, [](char c) {
           return is_lower_or_digit(c) || c == '-' || c == '.' || c == ':';
         });
}

/// `8k`, `200k`, `mm`: suffixes of the provisioned variants of a model.
bool is_context(std::string_view text) {
  if (text == "mm") return true;
  return text.ends_with('k') && is_digits(text.substr(0, text.size() - 1));
}

/// The context in the text after a base id and a colon: `200k`, `0:8k`, or none for `0`; nullopt
/// for any other text.
std::optional<std::string_view> context_of(std::string_view rest) {
  if (rest == "0") return std::string_view();
  if (is_context(rest)) return rest;
  if (!rest.starts_with("0:")) return std::nullopt;
  const std::string_view context = rest.substr(2);
  // Cohere's embeddings count in plain tokens: `cohere.embed-english-v3:0:512`.
  if (is_context(context) || is_digits(context)) return context;
  return std::nullopt;
}

/// A base id, split from its context suffix.
struct Base {
  std::string_view id{};
  std::string_view context{};
  const ModelFacts* facts = nullptr;
};

/// The longest catalogue id that equals `text`, or is followed in it by a suffix.
std::optional<Base> find_base(std::string_view text, const CatalogueOverlay* overlay) {
  if (const ModelFacts* facts = facts_of(text, overlay)) return Base{text, {}, facts};
  for (std::size_t colon = text.rfind(':'); colon != std::string_view::npos && colon > 0;
       colon = text.rfind(':', colon - 1)) {
    const auto context = context_of(text.substr(colon + 1));
    const ModelFacts* facts = context ? facts_of(text.substr(0, colon), overlay) : nullptr;
    if (facts != nullptr) return Base{text.substr(0, colon), *context, facts};
  }
  return std::nullopt;
}

/// A base id that is not in the catalogue.
Base unknown_base(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || !is_context(text.substr(colon + 1))) return Base{text};
  return Base{text.substr(0, colon), text.substr(colon + 1)};
}

void fill(ModelId& id, const Base& base, IdKind kind, std::string_view prefix = {}) {
  id.base_id = base.id;
  id.context = base.context;
  id.facts = base.facts;
  id.kind = kind;
  id.prefix = prefix;
}

/// Reads an id that is not an ARN: of a base model or an inference profile. Any other name keeps
/// the kind `unknown`.
void read_plain(ModelId& id, std::string_view text, const CatalogueOverlay* overlay) {
  if (const auto base = find_base(text, overlay)) return fill(id, *base, IdKind::base_model);
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos) return;
  const std::string_view prefix = text.substr(0, dot);
  const std::string_view rest = text.substr(dot + 1);
  const auto base = is_name(prefix) ? find_base(rest, overlay) : std::nullopt;
  if (base) return fill(id, *base, IdKind::inference_profile, prefix);
  if (std::ranges::find(kProfilePrefixes, prefix) != kProfilePrefixes.end() && is_base_form(rest)) {
    return fill(id, unknown_base(rest), IdKind::inference_profile, prefix);
  }
  if (is_base_form(text)) fill(id, unknown_base(text), IdKind::base_model);
}

/// The parts of `arn:partition:service:region:account:type/name`. Views of the ARN.
struct Arn {
  std::string_view partition;
  std::string_view service;
  std::string_view region;
  std::string_view account;
  std::string_view type;
  std::string_view name;
};

std::string_view cut(std::string_view& text, char separator) {
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return part;
}

Arn split_arn(std::string_view text) {
  cut(text, ':');
  Arn arn;
  for (std::string_view* part : {&arn.partition, &arn.service, &arn.region, &arn.account}) {
    *part = cut(text, ':');
  }
  arn.type = cut(text, '/');
  arn.name = text;
  return arn;
}

bool has_safe_segments(std::string_view path) {
  return std::ranges::none_of(base::split(path, '/'), [](std::string_view segment) {
    return segment.empty() || segment == "." || segment == "..";
  });
}

Result<void> check_arn(const Arn& arn) {
  if (arn.partition != "aws" && !(arn.partition.starts_with("aws-") && is_name(arn.partition))) {
    return refuse(
        "The partition of the model ARN is not one of AWS (aws, aws-cn, aws-us-gov, ...).");
  }
  if (arn.service != "bedrock" && arn.service != "sagemaker") {
    return refuse("The service of the model ARN is not bedrock or sagemaker.");
  }
  // Regions become part of a host name.
  const bool may_lack_region = arn.type == "inference-profile";
  const bool is_region = is_name(arn.region) && arn.region.size() <= kMaxRegionBytes;
  if (!is_region && !(arn.region.empty() && may_lack_region)) {
    return refuse("The region of the model ARN is missing or malformed.");
  }
  if (!arn.account.empty() && !(is_digits(arn.account) && arn.account.size() == 12)) {
    return refuse("The account of the model ARN is not 12 digits.");
  }
  if (!is_name(arn.type) || !has_safe_segments(arn.name)) {
    return refuse("The last part of the model ARN is not <type>/<name>.");
  }
  return {};
}

Result<ModelId> read_arn(ModelId id, const CatalogueOverlay* overlay) {
  const std::string text = id.requested_id;
  const Arn arn = split_arn(text);
  if (const auto checked = check_arn(arn); !checked) return std::unexpected(checked.error());
  id.region = arn.region;
  if (arn.service == "sagemaker") {
    if (arn.type != "endpoint") return refuse("The SageMaker ARN is not the ARN of an endpoint.");
    id.kind = IdKind::sagemaker;
    return id;
  }
  if (arn.type == "foundation-model" || arn.type == "inference-profile") {
    read_plain(id, arn.name, overlay);
    const bool is_base = arn.type == "foundation-model";
    id.kind = is_base ? IdKind::base_model : IdKind::inference_profile;
    return id;
  }
  const auto kind =
      std::ranges::find(kResourceKinds, arn.type, &decltype(kResourceKinds)::value_type::first);
  if (kind == kResourceKinds.end()) return id;
  if (arn.type == "custom-model") read_plain(id, arn.name.substr(0, arn.name.find('/')), overlay);
  id.kind = kind->second;
  id.priced = false;  // billed by the hour, or at a separate price
  return id;
}

bool is_id_byte(char c) {
  return is_lower_or_digit(c) || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == ':' ||
         c == '_' || c == '/';
}

}  // namespace

const ModelFacts* facts_of(std::string_view base_id, const CatalogueOverlay* overlay) {
  const ModelFacts* facts = overlay == nullptr ? nullptr : overlay->find(base_id);
  return facts == nullptr ? find_model(base_id) : facts;
}

Result<ModelId> parse_model_id(std::string_view id, const CatalogueOverlay* overlay) {
  if (id.empty()) return refuse("The model id is empty.");
  if (id.size() > kMaxIdBytes) return refuse("The model id is longer than 2048 bytes.");
  if (id == "." || id == "..") return refuse("The model id is a relative path segment.");
  const auto foreign = std::ranges::find_if_not(id, is_id_byte);
  if (foreign != id.end()) {
    return refuse("Byte " + std::to_string(foreign - id.begin() + 1) +
                  " of the model id is not a letter, a digit or one of \"-.:_/\".");
  }
  ModelId parsed{.requested_id = std::string(id)};
  if (id.starts_with("arn:")) return read_arn(std::move(parsed), overlay);
  if (id.find('/') != std::string_view::npos)
    return refuse("The model id contains a slash, but is not an ARN.");
  read_plain(parsed, id, overlay);
  return parsed;
}

}  // namespace llm::bedrock
