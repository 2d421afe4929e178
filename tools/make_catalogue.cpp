// Turns data/models.json into a constant C++ table, so that the library parses nothing at start.
// Usage: make_catalogue <models.json> <table.cpp>

#include <charconv>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>

#include "bedrock/catalogue/overlay.hpp"

namespace {

using llm::bedrock::CatalogueOverlay;
using llm::bedrock::ModelFacts;

/// A C++ string literal; bytes outside printable ASCII are written as three octal digits.
std::string literal(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte >= 0x20 && byte < 0x7f) {
      out += c;
    } else {
      out += '\\';
      for (const int shift : {6, 3, 0}) out += static_cast<char>('0' + ((byte >> shift) & 7));
    }
  }
  return out + '"';
}

/// The shortest floating literal that reads back as the same double.
std::string literal(double number) {
  char buffer[32];
  const auto end = std::to_chars(std::begin(buffer), std::end(buffer), number).ptr;
  std::string out(std::begin(buffer), end);
  if (out.find_first_of(".e") == std::string::npos) out += ".0";
  return out;
}

std::string literal(const llm::Price& price) {
  std::string out = "{";
  const auto add = [&out](std::string_view name, const std::optional<double>& value) {
    if (value) out += "." + std::string(name) + " = " + literal(*value) + ", ";
  };
  add("input", price.input);
  add("output", price.output);
  add("cache_read", price.cache_read);
  add("cache_write", price.cache_write);
  add("cache_write_1h", price.cache_write_1h);
  return out + "}";
}

std::string literal(const llm::bedrock::OtherPrices& prices) {
  if (prices == llm::bedrock::OtherPrices()) return "{}";
  return "{.above_tokens = " + std::to_string(prices.above_tokens) +
         ", .above = " + literal(prices.above) + ", .flex = " + literal(prices.flex) +
         ", .priority = " + literal(prices.priority) + "}";
}

std::string_view literal(llm::Support support) {
  if (support == llm::Support::yes) return "Support::yes";
  return support == llm::Support::no ? "Support::no" : "Support::unknown";
}

std::string_view literal(llm::Lifecycle lifecycle) {
  if (lifecycle == llm::Lifecycle::active) return "Lifecycle::active";
  if (lifecycle == llm::Lifecycle::legacy) return "Lifecycle::legacy";
  return lifecycle == llm::Lifecycle::end_of_life ? "Lifecycle::end_of_life" : "Lifecycle::unknown";
}

std::string_view literal(llm::bedrock::Mantle mantle) {
  if (mantle == llm::bedrock::Mantle::also) return "Mantle::also";
  return mantle == llm::bedrock::Mantle::only ? "Mantle::only" : "Mantle::unknown";
}

std::string literal(const llm::bedrock::Quirks& quirks) {
  std::string out = "{";
  for (const auto& quirk : llm::bedrock::quirk_names()) {
    if (quirks.*(quirk.member)) out += "." + std::string(quirk.name) + " = true, ";
  }
  return out + "}";
}

std::string literal(const llm::bedrock::Takes& takes) {
  std::string out = "{";
  for (const auto& fact : llm::bedrock::support_facts()) {
    if (takes.*(fact.member) == llm::Support::unknown) continue;
    out += "." + std::string(fact.name) + " = " + std::string(literal(takes.*(fact.member))) + ", ";
  }
  for (const auto& fact : llm::bedrock::words_facts()) {
    if ((takes.*(fact.member)).empty()) continue;
    out += "." + std::string(fact.name) + " = " + literal(takes.*(fact.member)) + ", ";
  }
  return out + "}";
}

/// The pools that the models' spans point into, and the models.
struct Table {
  std::ostringstream sources;
  std::ostringstream prices;
  std::ostringstream models;
  std::size_t source_count = 0;
  std::size_t price_count = 0;
};

std::string slice(std::string_view pool, std::size_t first, std::size_t count) {
  if (count == 0) return "{}";
  return "std::span(" + std::string(pool) + ").subspan(" + std::to_string(first) + ", " +
         std::to_string(count) + ")";
}

void add_model(Table& table, const ModelFacts& facts) {
  for (const auto source : facts.sources) table.sources << "    " << literal(source) << ",\n";
  for (const auto& profile : facts.profile_prices) {
    table.prices << "    {" << literal(profile.prefix) << ", " << literal(profile.price) << ", "
                 << literal(profile.other) << "},\n";
  }
  table.models << "    {.base_id = " << literal(facts.base_id)
               << ", .provider = " << literal(facts.provider) << ", .name = " << literal(facts.name)
               << ", .mode = " << literal(facts.mode)
               << ",\n     .wire_format = WireFormat::" << to_string(facts.wire_format)
               << ", .context_window = " << facts.context_window
               << ", .max_output_tokens = " << facts.max_output_tokens
               << ",\n     .tools = " << literal(facts.tools)
               << ", .vision = " << literal(facts.vision)
               << ", .streaming = " << literal(facts.streaming)
               << ", .reasoning = " << literal(facts.reasoning)
               << ",\n     .prompt_caching = " << literal(facts.prompt_caching)
               << ", .cache_min_tokens = " << facts.cache_min_tokens
               << ", .input_modalities = " << literal(facts.input_modalities)
               << ", .profile_prefixes = " << literal(facts.profile_prefixes)
               << ",\n     .price = " << literal(facts.price)
               << ", .other_prices = " << literal(facts.other_prices) << ", .profile_prices = "
               << slice("kProfilePrices", table.price_count, facts.profile_prices.size())
               << ",\n     .lifecycle = " << literal(facts.lifecycle)
               << ", .end_of_life = " << literal(facts.end_of_life)
               << ", .successor = " << literal(facts.successor)
               << ",\n     .mantle = " << literal(facts.mantle)
               << ", .quirks = " << literal(facts.quirks) << ", .takes = " << literal(facts.takes)
               << ", .on_demand_regions = " << literal(facts.on_demand_regions)
               << ", .sources = " << slice("kSources", table.source_count, facts.sources.size())
               << "},\n";
  table.source_count += facts.sources.size();
  table.price_count += facts.profile_prices.size();
}

std::string table_of(const CatalogueOverlay& catalogue) {
  Table table;
  for (const ModelFacts& facts : catalogue.models()) add_model(table, facts);
  std::ostringstream out;
  out << "// Generated from data/models.json by make_catalogue; do not edit.\n"
         "#include \"bedrock/catalogue/catalogue.hpp\"\n\n"
         "namespace llm::bedrock {\nnamespace {\n\n"
         "constexpr std::string_view kSources[] = {\n"
      << table.sources.str() << "};\n\nconstexpr ProfilePrice kProfilePrices[] = {\n"
      << table.prices.str() << "};\n\nconstexpr ModelFacts kModels[] = {\n"
      << table.models.str()
      << "};\n\n}  // namespace\n\n"
         "std::span<const ModelFacts> all_models() { return kModels; }\n\n"
         "std::string_view default_base_model() { return "
      << literal(catalogue.default_model())
      << "; }\n\nstd::span<const RegionDefault> region_defaults() {\n"
         "  static constexpr RegionDefault kDefaults[] = {\n";
  for (const auto& row : catalogue.region_defaults()) {
    out << "      {" << literal(row.region_prefix) << ", " << literal(row.base_id) << "},\n";
  }
  out << "  };\n  return kDefaults;\n}\n\n}  // namespace llm::bedrock\n";
  return out.str();
}

std::string text_of(const llm::Error& error) { return error.message + ' ' + error.advice; }

int refuse(const std::string& message) {
  std::cerr << "make_catalogue: " << message << '\n';
  return 1;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) return refuse("usage: make_catalogue <models.json> <table.cpp>");
  std::ifstream in(arguments[1], std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in) return refuse(std::string("Cannot read ") + arguments[1] + ".");
  const auto catalogue = CatalogueOverlay::parse(text);
  if (!catalogue) return refuse(std::string(arguments[1]) + ": " + text_of(catalogue.error()));
  const auto complete = check_complete(*catalogue);
  if (!complete) return refuse(std::string(arguments[1]) + ": " + text_of(complete.error()));
  std::ofstream out(arguments[2], std::ios::binary);
  out << table_of(*catalogue) << std::flush;
  if (!out) return refuse(std::string("Cannot write ") + arguments[2] + ".");
  return 0;
}
