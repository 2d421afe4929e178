#include "local/frontend/shapes.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.hpp"
#include "local/frontend/service_model.hpp"

namespace llm::local {
namespace {

using json::Kind;
using json::Value;
using service_model::Member;
using service_model::Scalar;
using service_model::ScalarKind;

/// A value of the wrong JSON type, which AWS's front end refuses before Bedrock sees it.
/// Source: refusals of other AWS services with the same front end, as published.
std::unexpected<Refusal> unreadable(std::string message) {
  return std::unexpected(Refusal{
      .name = "SerializationException", .message = std::move(message), .layer = Layer::front_end});
}

std::string token_name(const Value& value) {
  switch (value.kind()) {
    case Kind::string:
      return "STRING_VALUE";
    case Kind::number:
      return "NUMBER_VALUE";
    case Kind::boolean:
      return value.boolean().value_or(false) ? "TRUE_VALUE" : "FALSE_VALUE";
    default:
      return "NULL_VALUE";
  }
}

/// `value` is not of the type `expected`, e.g. `an Integer`.
std::unexpected<Refusal> wrong_type(const Value& value, std::string_view expected) {
  if (value.is_array()) return unreadable("Start of list found where not expected");
  if (value.is_object()) return unreadable("Start of structure or map found where not expected.");
  return unreadable(token_name(value) + " can not be converted to " + std::string(expected));
}

bool is_given(const Value& value) { return value.exists() && !value.is_null(); }

std::string joined(std::string_view list, std::string_view separator) {
  std::string text;
  for (const std::string_view item : base::split(list, ' ')) {
    text += (text.empty() ? "" : std::string(separator)) + std::string(item);
  }
  return text;
}

std::string whole_number(double number) { return std::to_string(static_cast<long long>(number)); }

/// The number of characters of UTF-8 text.
std::size_t length(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

/// Whether `text` consists of ASCII letters, digits and `others`.
bool consists_of(std::string_view text, std::string_view others) {
  return std::ranges::all_of(text, [others](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           others.contains(c);
  });
}

/// A member or an element on the path from the root.
struct Step {
  std::string name{};
  std::optional<std::size_t> index{};

  [[nodiscard]] std::string text() const { return index ? std::to_string(*index) : name; }
};

/// Walks a body along its shapes. Violated constraints are collected; other faults end the walk.
class ShapeWalk {
 public:
  // NOLINTNEXTLINE(misc-no-recursion): JSON has at most 256 levels, see json/reader.hpp
  Checked<void> structure(const Value& value, std::string_view shape) {
    if (!value.is_object()) {
      return value.is_array() ? wrong_type(value, "") : unreadable("Expected null");
    }
    if (service_model::is_union(shape)) {
      if (auto checked = check_union(value, shape); !checked) return checked;
    }
    for (const json::Member& member : value.members()) {
      if (service_model::find_member(shape, member.key) == nullptr) {
        return malformed(pointer() + ": extraneous key [" + std::string(member.key) +
                         "] is not permitted");
      }
    }
    for (const Member& member : service_model::members_of(shape)) {
      const Value found = value[member.name];
      path_.push_back({.name = std::string(member.name)});
      if (auto checked = check_member(found, member); !checked) return checked;
      path_.pop_back();
    }
    return {};
  }

  /// The violated constraints, all in one message as AWS reports them.
  [[nodiscard]] Checked<void> verdict() const {
    if (violations_.empty()) return {};
    std::string message = std::to_string(violations_.size()) + " validation error" +
                          (violations_.size() > 1 ? "s" : "") + " detected: ";
    for (std::size_t i = 0; i < violations_.size(); ++i) {
      message += (i > 0 ? "; " : "") + violations_[i];
    }
    return invalid(message);
  }

 private:
  Checked<void> check_union(const Value& value, std::string_view shape) const {
    std::size_t given = 0;
    for (const json::Member& member : value.members()) given += is_given(member.value) ? 1 : 0;
    if (given == 1 &&
        service_model::find_member(shape, (*value.members().begin()).key) != nullptr) {
      return {};
    }
    std::string names;
    for (const Member& member : service_model::members_of(shape)) {
      names += (names.empty() ? "" : ", ") + std::string(member.name);
    }
    return invalid(std::string(shape) + " object at " + dotted() +
                   " must set one of the following keys: " + names + ".");
  }

  // As deep as `structure`.
  // NOLINTBEGIN(misc-no-recursion)

  Checked<void> check_member(const Value& value, const Member& member) {
    if (!is_given(value)) {
      if (member.required) violated("null", "Member must not be null");
      return {};
    }
    if (member.type.starts_with('[')) return list(value, member);
    if (member.type.starts_with('{')) return map(value, member);
    return single(value, member.type);
  }

  Checked<void> single(const Value& value, std::string_view type) {
    if (type == "document") return {};
    const Scalar* scalar = service_model::find_scalar(type);
    return scalar == nullptr ? structure(value, type) : check_scalar(value, *scalar);
  }

  Checked<void> list(const Value& value, const Member& member) {
    if (!value.is_array()) {
      return value.is_object() ? wrong_type(value, "") : unreadable("Expected list or null");
    }
    check_count(value, member);
    const std::string_view item = member.type.substr(1, member.type.size() - 2);
    std::size_t index = 0;
    for (const Value element : value.elements()) {
      path_.push_back({.index = index++});
      if (auto checked = single(element, item); !checked) return checked;
      path_.pop_back();
    }
    return {};
  }

  Checked<void> map(const Value& value, const Member& member) {
    if (!value.is_object()) {
      return value.is_array() ? wrong_type(value, "") : unreadable("Expected map or null");
    }
    check_count(value, member);
    const std::string_view item = member.type.substr(1, member.type.size() - 2);
    for (const json::Member& entry : value.members()) {
      path_.push_back({.name = std::string(entry.key)});
      if (auto checked = single(entry.value, item); !checked) return checked;
      path_.pop_back();
    }
    return {};
  }

  // NOLINTEND(misc-no-recursion)

  Checked<void> check_scalar(const Value& value, const Scalar& scalar) {
    switch (scalar.kind) {
      case ScalarKind::boolean:
        if (value.kind() != Kind::boolean) return wrong_type(value, "a Boolean");
        return {};
      case ScalarKind::integer:
        if (!value.integer()) return wrong_type(value, "an Integer");
        check_range(value, scalar);
        return {};
      case ScalarKind::number:
        if (!value.number()) return wrong_type(value, "a Float");
        check_range(value, scalar);
        return {};
      case ScalarKind::string:
        if (!value.is_string()) return wrong_type(value, "a String");
        check_text(*value.string(), scalar);
        return {};
    }
    return {};
  }

  void check_range(const Value& value, const Scalar& scalar) {
    const std::string shown = "'" + value.to_text() + "'";
    if (*value.number() > scalar.maximum) {
      violated(shown,
               "Member must have value less than or equal to " + whole_number(scalar.maximum));
    }
    if (*value.number() < scalar.minimum) {
      violated(shown,
               "Member must have value greater than or equal to " + whole_number(scalar.minimum));
    }
  }

  void check_count(const Value& value, const Member& member) {
    const auto count = static_cast<double>(value.size());
    if (count > member.maximum) {
      violated("", "Member must have length less than or equal to " + whole_number(member.maximum));
    }
    if (count < member.minimum) {
      violated("",
               "Member must have length greater than or equal to " + whole_number(member.minimum));
    }
  }

  void check_text(std::string_view text, const Scalar& scalar) {
    const auto count = static_cast<double>(length(text));
    const std::string shown = "'" + std::string(text) + "'";
    if (count > scalar.maximum) {
      violated("", "Member must have length less than or equal to " + whole_number(scalar.maximum));
    } else if (count < scalar.minimum) {
      violated(shown,
               "Member must have length greater than or equal to " + whole_number(scalar.minimum));
    } else if (!scalar.pattern.empty() && !consists_of(text, scalar.other_characters)) {
      violated(shown,
               "Member must satisfy regular expression pattern: " + std::string(scalar.pattern));
    } else if (!scalar.choices.empty()) {
      const std::vector<std::string_view> choices = base::split(scalar.choices, ' ');
      if (std::ranges::count(choices, text) > 0) return;
      violated(shown, "Member must satisfy enum value set: [" + joined(scalar.choices, ", ") + "]");
    }
  }

  /// Notes a violated constraint. `shown` is the value as AWS quotes it, empty where it does not.
  void violated(std::string_view shown, std::string_view constraint) {
    std::string text = "Value ";
    if (!shown.empty()) text.append(shown).append(" ");
    text.append("at '").append(counted()).append("' failed to satisfy constraint: ");
    violations_.push_back(text.append(constraint));
  }

  /// `messages.0.content.1`
  [[nodiscard]] std::string dotted() const {
    std::string text;
    for (const Step& step : path_) text += (text.empty() ? "" : ".") + step.text();
    return text;
  }
  /// `#/messages/0/content/1`
  [[nodiscard]] std::string pointer() const {
    std::string text = "#";
    for (const Step& step : path_) text += "/" + step.text();
    return text;
  }
  /// `messages.1.member.content.2.member`: AWS's front end counts from one.
  [[nodiscard]] std::string counted() const {
    std::string text;
    for (const Step& step : path_) {
      text += (text.empty() ? "" : ".") +
              (step.index ? std::to_string(*step.index + 1) + ".member" : step.name);
    }
    return text;
  }

  std::vector<Step> path_;
  std::vector<std::string> violations_;
};

}  // namespace

Checked<void> check_shape(const Value& body, std::string_view shape) {
  if (!body.is_object()) return malformed("");
  ShapeWalk walk;
  if (auto checked = walk.structure(body, shape); !checked) return checked;
  return walk.verdict();
}

}  // namespace llm::local
