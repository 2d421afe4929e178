#include "bedrock/catalogue/overlay.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <concepts>
#include <limits>
#include <map>
#include <set>
#include <utility>

#include "base/text.hpp"
#include "bedrock/catalogue/takes_reader.hpp"
#include "json/reader.hpp"

namespace llm::bedrock {
namespace {

using json::Value;

/// State while reading one document.
struct Reading {
  CatalogueData data;
  std::map<std::string, std::string_view, std::less<>> sources;
  Value models;
  Value takes;
  ModelFacts facts;              ///< The model being read.
  bool has_wire_format = false;  ///< The model has a wire format.
  Price price;                   ///< The price being read.
  OtherPrices other_prices;      ///< The other prices beside it.
  std::string where;             ///< Subject of messages: the file or a model.
  std::optional<Error> error;
};

/// A member of an object: its name, its expected value for messages, and its reader, which returns
/// false for any other value.
struct Member {
  std::string_view name;
  std::string_view expected;
  bool (*take)(Reading&, const Value&);
};

Error bad_catalogue(std::string message) {
  return make_error(ErrorCode::configuration_error, std::move(message),
                    "See data/README.md for the format.");
}

// "WHERE PREDICATE."
bool fail(Reading& reading, const std::string& predicate) {
  if (!reading.error) reading.error = bad_catalogue(reading.where + predicate + ".");
  return false;
}

bool take_members(Reading& reading, const Value& object, std::span<const Member> known) {
  std::set<std::string_view> seen;
  for (const json::Member given : object.members()) {
    const auto member = std::ranges::find(known, given.key, &Member::name);
    if (member == known.end()) {
      return fail(reading, " has the unknown member " + base::in_quotes(given.key));
    }
    if (!seen.insert(member->name).second) {
      return fail(reading, " has the member " + base::in_quotes(given.key) + " twice");
    }
    if (given.value.is_null() || member->take(reading, given.value)) continue;
    return fail(reading, " has a member " + base::in_quotes(given.key) + " that is not " +
                             std::string(member->expected));
  }
  return true;
}

std::string_view store(Reading& reading, std::string_view text) {
  return reading.data.texts.emplace_back(text);
}

bool take_text(Reading& reading, const Value& value, std::string_view& out) {
  const auto text = value.string();
  if (!text || text->empty()) return false;
  out = store(reading, *text);
  return true;
}

bool take_tokens(const Value& value, std::integral auto& out) {
  using Integer = std::remove_cvref_t<decltype(out)>;
  const auto number = value.integer();
  if (!number || *number < 1) return false;
  if (std::cmp_greater(*number, std::numeric_limits<Integer>::max())) return false;
  out = static_cast<Integer>(*number);
  return true;
}

bool take_support(const Value& value, Support& out) {
  const auto flag = value.boolean();
  if (!flag) return false;
  out = *flag ? Support::yes : Support::no;
  return true;
}

bool take_dollars(const Value& value, std::optional<double>& out) {
  const auto number = value.number();
  if (!number || !std::isfinite(*number) || *number < 0) return false;
  out = number;
  return true;
}

/// The words of an array, each accepted by `accepts` and not repeated, as a comma list.
bool take_words(Reading& reading, const Value& value, bool (*accepts)(std::string_view),
                std::string_view& out) {
  if (!value.is_array()) return false;
  std::set<std::string_view> seen;
  std::string joined;
  for (const Value element : value.elements()) {
    const auto word = element.string();
    if (!word || !accepts(*word) || !seen.insert(*word).second) return false;
    if (!joined.empty()) joined += ',';
    joined += *word;
  }
  out = store(reading, joined);
  return true;
}

bool is_modality(std::string_view word) {
  constexpr std::array<std::string_view, 5> kModalities = {"text", "image", "pdf", "audio",
                                                           "video"};
  return std::ranges::find(kModalities, word) != kModalities.end();
}

bool is_short_word(std::string_view word) {
  return !word.empty() && std::ranges::all_of(word, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

bool take_other_price(Reading& reading, const Value& value, Price& out);
bool take_above(Reading& reading, const Value& value);

constexpr std::array<Member, 8> kPriceMembers = {{
    {"input", "dollars per million tokens",
     [](Reading& r, const Value& v) { return take_dollars(v, r.price.input); }},
    {"output", "dollars per million tokens",
     [](Reading& r, const Value& v) { return take_dollars(v, r.price.output); }},
    {"cache_read", "dollars per million tokens",
     [](Reading& r, const Value& v) { return take_dollars(v, r.price.cache_read); }},
    {"cache_write", "dollars per million tokens",
     [](Reading& r, const Value& v) { return take_dollars(v, r.price.cache_write); }},
    {"cache_write_1h", "dollars per million tokens",
     [](Reading& r, const Value& v) { return take_dollars(v, r.price.cache_write_1h); }},
    {"above", "a price with the member \"input_tokens\"", take_above},
    {"flex", "a price",
     [](Reading& r, const Value& v) { return take_other_price(r, v, r.other_prices.flex); }},
    {"priority", "a price",
     [](Reading& r, const Value& v) { return take_other_price(r, v, r.other_prices.priority); }},
}};

/// A price without others beside it has this many of the members, the first ones.
constexpr std::size_t kPlainPriceMembers = 5;
static_assert(kPriceMembers[kPlainPriceMembers - 1].name == "cache_write_1h");

bool take_other_price(Reading& reading, const Value& value, Price& out) {
  const Price usual = std::exchange(reading.price, {});
  const bool is_taken =
      value.is_object() &&
      take_members(reading, value, std::span(kPriceMembers).first(kPlainPriceMembers));
  out = std::exchange(reading.price, usual);
  return is_taken;
}

bool take_above(Reading& reading, const Value& value) {
  constexpr std::array<Member, 6> kMembers = {
      {kPriceMembers[0],
       kPriceMembers[1],
       kPriceMembers[2],
       kPriceMembers[3],
       kPriceMembers[4],
       {"input_tokens", "a positive integer",
        [](Reading& r, const Value& v) { return take_tokens(v, r.other_prices.above_tokens); }}}};
  const Price usual = std::exchange(reading.price, {});
  const bool is_taken = value.is_object() && take_members(reading, value, kMembers);
  reading.other_prices.above = std::exchange(reading.price, usual);
  return is_taken && reading.other_prices.above_tokens > 0;
}

bool take_price(Reading& reading, const Value& value, Price& out, OtherPrices& other) {
  reading.price = {};
  reading.other_prices = {};
  if (!value.is_object() || !take_members(reading, value, kPriceMembers)) return false;
  out = reading.price;
  other = reading.other_prices;
  return true;
}

bool take_profile_prices(Reading& reading, const Value& value) {
  if (!value.is_object()) return false;
  std::vector<ProfilePrice>& list = reading.data.prices.emplace_back();
  for (const json::Member given : value.members()) {
    if (!is_short_word(given.key)) return false;
    ProfilePrice& profile = list.emplace_back();
    profile.prefix = store(reading, given.key);
    if (!take_price(reading, given.value, profile.price, profile.other)) return false;
  }
  reading.facts.profile_prices = list;
  return true;
}

bool take_status(Reading& reading, const Value& value) {
  const std::string_view word = value.string().value_or("");
  Lifecycle& out = reading.facts.lifecycle;
  if (word == "active") out = Lifecycle::active;
  if (word == "legacy") out = Lifecycle::legacy;
  if (word == "end_of_life") out = Lifecycle::end_of_life;
  return out != Lifecycle::unknown;
}

constexpr std::array<Member, 3> kLifecycleMembers = {{
    {"status", "active, legacy or end_of_life", take_status},
    {"end_of_life", "a date",
     [](Reading& r, const Value& v) { return take_text(r, v, r.facts.end_of_life); }},
    {"successor", "a model id",
     [](Reading& r, const Value& v) { return take_text(r, v, r.facts.successor); }},
}};

bool take_quirks(Reading& reading, const Value& value) {
  if (!value.is_array()) return false;
  for (const Value element : value.elements()) {
    const auto known = quirk_names();
    const auto quirk = std::ranges::find(known, element.string().value_or(""), &QuirkName::name);
    if (quirk == known.end() || reading.facts.quirks.*(quirk->member)) return false;
    reading.facts.quirks.*(quirk->member) = true;
  }
  return true;
}

bool take_sources(Reading& reading, const Value& value) {
  if (!value.is_array()) return false;
  std::vector<std::string_view>& list = reading.data.lists.emplace_back();
  for (const Value element : value.elements()) {
    const auto source = reading.sources.find(element.string().value_or(""));
    if (source == reading.sources.end()) return false;
    list.push_back(source->second);
  }
  reading.facts.sources = list;
  return true;
}

bool take_mode(Reading& reading, const Value& value) {
  const std::string_view word = value.string().value_or("");
  return (word == "chat" || word == "embedding") && take_text(reading, value, reading.facts.mode);
}

bool take_mantle(Reading& reading, const Value& value) {
  const auto word = value.string();
  if (word == "also") reading.facts.mantle = Mantle::also;
  if (word == "only") reading.facts.mantle = Mantle::only;
  return reading.facts.mantle != Mantle::unknown;
}

bool take_wire_format(Reading& reading, const Value& value) {
  const auto format = wire_format_from(value.string().value_or(""));
  reading.has_wire_format = format.has_value();
  reading.facts.wire_format = format.value_or(WireFormat::none);
  return reading.has_wire_format;
}

constexpr std::string_view kText = "a non-empty string";
constexpr std::string_view kTokens = "a positive integer";
constexpr std::string_view kFlag = "true, false or null";

constexpr std::array<Member, 22> kModelMembers = {{
    {"id", kText, [](Reading& r, const Value& v) { return take_text(r, v, r.facts.base_id); }},
    {"provider", kText,
     [](Reading& r, const Value& v) { return take_text(r, v, r.facts.provider); }},
    {"name", kText, [](Reading& r, const Value& v) { return take_text(r, v, r.facts.name); }},
    {"mode", "chat or embedding", take_mode},
    {"wire_format", "a wire format of docs/wire-formats.md", take_wire_format},
    {"context_window", kTokens,
     [](Reading& r, const Value& v) { return take_tokens(v, r.facts.context_window); }},
    {"max_output_tokens", kTokens,
     [](Reading& r, const Value& v) { return take_tokens(v, r.facts.max_output_tokens); }},
    {"tools", kFlag, [](Reading& r, const Value& v) { return take_support(v, r.facts.tools); }},
    {"vision", kFlag, [](Reading& r, const Value& v) { return take_support(v, r.facts.vision); }},
    {"streaming", kFlag,
     [](Reading& r, const Value& v) { return take_support(v, r.facts.streaming); }},
    {"reasoning", kFlag,
     [](Reading& r, const Value& v) { return take_support(v, r.facts.reasoning); }},
    {"prompt_caching", kFlag,
     [](Reading& r, const Value& v) { return take_support(v, r.facts.prompt_caching); }},
    {"cache_min_tokens", kTokens,
     [](Reading& r, const Value& v) { return take_tokens(v, r.facts.cache_min_tokens); }},
    {"input", "an array of text, image, pdf, audio and video without repetition",
     [](Reading& r, const Value& v) {
       return take_words(r, v, is_modality, r.facts.input_modalities);
     }},
    {"profiles", "an array of prefixes such as \"us\" without repetition",
     [](Reading& r, const Value& v) {
       return take_words(r, v, is_short_word, r.facts.profile_prefixes);
     }},
    {"on_demand_regions", "an array of regions without repetition",
     [](Reading& r, const Value& v) {
       return take_words(r, v, is_short_word, r.facts.on_demand_regions);
     }},
    {"price", "an object of dollars per million tokens",
     [](Reading& r, const Value& v) {
       return take_price(r, v, r.facts.price, r.facts.other_prices);
     }},
    {"profile_prices", "an object from prefix to price", take_profile_prices},
    {"lifecycle", "an object",
     [](Reading& r, const Value& v) {
       return v.is_object() && take_members(r, v, kLifecycleMembers);
     }},
    {"mantle", "\"also\" or \"only\"", take_mantle},
    {"quirks", "an array of known quirks without repetition", take_quirks},
    {"sources", "an array of names of the table \"sources\"", take_sources},
}};

bool take_source_table(Reading& reading, const Value& value) {
  if (!value.is_object()) return false;
  for (const json::Member given : value.members()) {
    const auto text = given.value.string();
    if (!text || !reading.sources.emplace(given.key, store(reading, *text)).second) return false;
  }
  return true;
}

bool take_region_defaults(Reading& reading, const Value& value) {
  if (!value.is_object()) return false;
  for (const json::Member given : value.members()) {
    if (!is_short_word(given.key)) return false;
    RegionDefault& row = reading.data.region_defaults.emplace_back();
    row.region_prefix = store(reading, given.key);
    if (!take_text(reading, given.value, row.base_id)) return false;
  }
  return true;
}

constexpr std::array<Member, 7> kRootMembers = {{
    {"format", "1", [](Reading&, const Value& v) { return v.integer() == 1; }},
    {"updated", "a string", [](Reading&, const Value& v) { return v.is_string(); }},
    {"default_model", kText,
     [](Reading& r, const Value& v) { return take_text(r, v, r.data.default_model); }},
    {"region_defaults", "an object from the prefix of a region to a model id",
     take_region_defaults},
    {"sources", "an object of strings without repetition", take_source_table},
    {"models", "an array",
     [](Reading& r, const Value& v) {
       r.models = v;
       return v.is_array();
     }},
    {"takes", "an array",
     [](Reading& r, const Value& v) {
       r.takes = v;
       return v.is_array();
     }},
}};

bool take_model(Reading& reading, const Value& model, std::set<std::string_view>& ids) {
  reading.where = "Model " + std::to_string(reading.data.models.size() + 1);
  if (!model.is_object()) return fail(reading, " is not an object");
  if (const auto id = model["id"].string()) reading.where = "Model " + base::in_quotes(*id);
  reading.facts = {};
  reading.has_wire_format = false;
  if (!take_members(reading, model, kModelMembers)) return false;
  if (reading.facts.base_id.empty()) return fail(reading, " has no member \"id\"");
  if (reading.facts.provider.empty()) return fail(reading, " has no member \"provider\"");
  if (reading.facts.mode.empty()) return fail(reading, " has no member \"mode\"");
  if (!reading.has_wire_format) return fail(reading, " has no member \"wire_format\"");
  if (!ids.insert(reading.facts.base_id).second) return fail(reading, " appears twice");
  reading.data.models.push_back(reading.facts);
  return true;
}

}  // namespace

Result<CatalogueOverlay> CatalogueOverlay::parse(std::string_view json) {
  json::Parser parser;
  const auto root = parser.parse(json);
  if (!root)
    return std::unexpected(bad_catalogue("The file cannot be parsed. " + root.error().message));
  Reading reading;
  reading.where = "The file";
  if (!root->is_object()) return std::unexpected(bad_catalogue("The file is not a JSON object."));
  if (!take_members(reading, *root, kRootMembers)) return std::unexpected(*reading.error);
  if (!reading.models.exists()) {
    return std::unexpected(bad_catalogue("The file has no member \"models\"."));
  }
  std::set<std::string_view> ids;
  for (const Value model : reading.models.elements()) {
    if (!take_model(reading, model, ids)) return std::unexpected(*reading.error);
  }
  const auto is_source = [&](std::string_view name) { return reading.sources.contains(name); };
  if (auto error = read_takes(reading.takes, is_source, reading.data)) {
    return std::unexpected(bad_catalogue(std::move(*error)));
  }
  return CatalogueOverlay(std::make_unique<const CatalogueData>(std::move(reading.data)));
}

const ModelFacts* CatalogueOverlay::find(std::string_view base_id) const {
  const auto found = std::ranges::find(data_->models, base_id, &ModelFacts::base_id);
  return found == data_->models.end() ? nullptr : &*found;
}

}  // namespace llm::bedrock
