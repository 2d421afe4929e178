#include "local/model/sample_json.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <optional>
#include <utility>

#include "base/text.hpp"
#include "json/writer.hpp"
#include "local/model/sample_regex.hpp"

namespace llm::local {
namespace {

// A schema may refer to itself; below this depth its values are null.
constexpr int kMaxSchemaDepth = 12;
constexpr std::size_t kMaxPadding = 4096;
constexpr std::int64_t kMaxItems = 100;
// Nested lists grow fast; beyond this, values are null or left out.
constexpr std::size_t kMaxJsonBytes = 64 * 1024;
// The largest double that a std::int64_t holds.
constexpr double kMaxInteger = 0x1p63 - 1024;

/// Writes a value for a schema and its subschemas.
class JsonSampler {
 public:
  explicit JsonSampler(json::Value root) : root_(root) {}

  // NOLINTNEXTLINE(misc-no-recursion): kMaxSchemaDepth levels
  void write(json::Value schema, std::string_view name, int depth) {
    schema = resolved(schema);
    if (depth > kMaxSchemaDepth || is_full()) {
      out_.null();
      return;
    }
    if (const json::Value given = given_value(schema); given.exists()) {
      out_.raw(given.to_text());
      return;
    }
    const std::string type = type_of(schema);
    if (type == "object") return write_object(schema, depth);
    if (type == "array") return write_array(schema, name, depth);
    if (type == "integer") return write_integer(schema);
    if (type == "number") return write_number(schema);
    if (type == "boolean") {
      out_.boolean(true);
      return;
    }
    if (type == "null") {
      out_.null();
      return;
    }
    write_string(schema, name);
  }

  std::string take() && { return std::move(out_).take(); }

 private:
  bool is_full() const { return out_.view().size() > kMaxJsonBytes; }

  /// Follows `$ref` to `#/$defs/x` or `#/definitions/x`, and takes the first of `anyOf` and the
  /// like.
  json::Value resolved(json::Value schema) const {
    for (int step = 0; step < kMaxSchemaDepth; ++step) {
      if (const auto reference = schema["$ref"].string()) {
        json::Value target = root_;
        for (const std::string_view key : base::split(*reference, '/')) {
          if (key != "#") target = target[key];
        }
        schema = target;
        continue;
      }
      const json::Value choice = first_choice(schema);
      if (!choice.exists()) return schema;
      schema = choice;
    }
    return schema;
  }

  static json::Value first_choice(json::Value schema) {
    for (const std::string_view key : {"anyOf", "oneOf", "allOf"}) {
      for (const json::Value option : schema[key].elements()) return option;
    }
    return {};
  }

  /// A value named by the schema itself: `const`, `default`, or the first of `enum` or `examples`.
  static json::Value given_value(json::Value schema) {
    for (const std::string_view key : {"const", "default"}) {
      if (const json::Value value = schema[key]; value.exists()) return value;
    }
    for (const std::string_view key : {"enum", "examples"}) {
      for (const json::Value value : schema[key].elements()) return value;
    }
    return {};
  }

  static std::string type_of(json::Value schema) {
    const json::Value type = schema["type"];
    if (type.is_string()) return type.text_or_empty();
    for (const json::Value option : type.elements()) return option.text_or_empty();
    if (schema["properties"].is_object()) return "object";
    return schema["items"].exists() ? "array" : "string";
  }

  // NOLINTNEXTLINE(misc-no-recursion): see `write`
  void write_object(json::Value schema, int depth) {
    out_.begin_object();
    for (const json::Value required : schema["required"].elements()) {
      if (is_full()) break;
      const std::string name = required.text_or_empty();
      out_.key(name);
      write(schema["properties"][name], name, depth + 1);
    }
    out_.end_object();
  }

  // NOLINTNEXTLINE(misc-no-recursion): see `write`
  void write_array(json::Value schema, std::string_view name, int depth) {
    const std::int64_t max = schema["maxItems"].integer().value_or(1);
    const std::int64_t min = schema["minItems"].integer().value_or(0);
    const std::int64_t count = std::max(min, std::min<std::int64_t>(max, 1));
    out_.begin_array();
    for (std::int64_t i = 0; i < std::min(count, kMaxItems) && !is_full(); ++i) {
      write(schema["items"], name, depth + 1);
    }
    out_.end_array();
  }

  void write_integer(json::Value schema) {
    const double step = schema["multipleOf"].number().value_or(1.0);
    const double value = on_grid(schema, std::max(step, 1.0));
    out_.integer(static_cast<std::int64_t>(std::clamp(value, -kMaxInteger, kMaxInteger)));
  }

  void write_number(json::Value schema) {
    const std::optional<double> step = schema["multipleOf"].number();
    out_.number(step && *step > 0 ? on_grid(schema, *step) : between_bounds(schema));
  }

  /// The multiple of `step` nearest to `step` within the bounds.
  static double on_grid(json::Value schema, double step) {
    double value = step;
    if (const auto min = schema["minimum"].number(); min && value < *min) {
      value = std::ceil(*min / step) * step;
    }
    if (const auto below = schema["exclusiveMinimum"].number(); below && value <= *below) {
      value = (std::floor(*below / step) + 1) * step;
    }
    if (const auto max = schema["maximum"].number(); max && value > *max) {
      value = std::floor(*max / step) * step;
    }
    if (const auto above = schema["exclusiveMaximum"].number(); above && value >= *above) {
      value = (std::ceil(*above / step) - 1) * step;
    }
    // JSON has no infinity.
    constexpr double kMaxNumber = std::numeric_limits<double>::max();
    return std::clamp(value, -kMaxNumber, kMaxNumber);
  }

  /// 1.5; the middle of two bounds; 0.5 inside a single bound.
  static double between_bounds(json::Value schema) {
    const auto bound = [&schema](std::string_view inclusive, std::string_view exclusive) {
      const auto number = schema[inclusive].number();
      return number ? number : schema[exclusive].number();
    };
    const auto low = bound("minimum", "exclusiveMinimum");
    const auto high = bound("maximum", "exclusiveMaximum");
    if (low && high) return std::midpoint(*low, *high);
    if (low) return *low + 0.5;
    return high ? *high - 0.5 : 1.5;
  }

  void write_string(json::Value schema, std::string_view name) {
    const auto min = schema["minLength"].integer().value_or(0);
    const auto max = schema["maxLength"].integer().value_or(std::int64_t{kMaxPadding});
    const std::size_t floor =
        static_cast<std::size_t>(std::clamp<std::int64_t>(min, 0, kMaxPadding));
    if (const auto pattern = schema["pattern"].string()) {
      if (const auto sample = sample_of_pattern(*pattern, floor)) {
        out_.string(*sample);
        return;
      }
    }
    std::string text = text_for_format(schema["format"].text_or_empty());
    if (text.empty()) text = name.empty() ? "example" : std::string(name);
    if (text.size() < floor) text.append(floor - text.size(), 'x');
    if (max >= 0 && std::cmp_greater(text.size(), max)) text.resize(static_cast<std::size_t>(max));
    out_.string(text);
  }

  static std::string text_for_format(std::string_view format) {
    if (format == "date") return "2026-01-02";
    if (format == "date-time") return "2026-01-02T03:04:05Z";
    if (format == "time") return "03:04:05Z";
    if (format == "email") return "someone@example.com";
    if (format == "uri" || format == "url") return "https://example.com/";
    if (format == "uuid") return "00000000-0000-4000-8000-000000000000";
    if (format == "ipv4") return "127.0.0.1";
    return {};
  }

  json::Value root_;
  json::Writer out_;
};

}  // namespace

std::string sample_value(const json::Value& schema) {
  JsonSampler sampler(schema);
  sampler.write(schema, "", 0);
  return std::move(sampler).take();
}

std::string sample_arguments(const json::Value& schema) {
  const std::string text = sample_value(schema);
  return text.starts_with('{') ? text : "{}";
}

}  // namespace llm::local
