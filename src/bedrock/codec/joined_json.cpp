#include "bedrock/codec/joined_json.hpp"

#include <algorithm>

#include "json/writer.hpp"

namespace llm::bedrock {
namespace {

// Far more than any block has. A hostile one would otherwise take many times its size in memory.
constexpr std::size_t kMaxMembers = 1000;

// The elements of a list as JSON, without its brackets.
std::string elements_of(const json::Value& list) {
  std::string text;
  for (const json::Value element : list.elements()) {
    if (!text.empty()) text += ',';
    text += element.to_text();
  }
  return text;
}

void add_elements(std::string_view elements, std::string& list) {
  if (!list.empty() && !elements.empty()) list += ',';
  list += elements;
}

// NOLINTNEXTLINE(misc-no-recursion): the parser takes at most 256 levels
void write(const JoinedNode& node, json::Writer& writer) {
  switch (node.kind) {
    case json::Kind::string:
      writer.string(node.text);
      return;
    case json::Kind::array:
      writer.raw('[' + node.text + ']');
      return;
    case json::Kind::object:
      writer.begin_object();
      for (const auto& [key, member] : node.members) write(member, writer.key(key));
      writer.end_object();
      return;
    default:
      writer.raw(node.text.empty() ? std::string_view("null") : node.text);
  }
}

}  // namespace

JoinedJson::JoinedJson(const json::Value& value) { assign(root_, value); }

bool JoinedJson::join_member(std::string_view key, const json::Value& delta) {
  JoinedNode* const found = member(root_, key);
  return found != nullptr && join(*found, delta, key);
}

bool JoinedJson::append(std::string_view key, const json::Value& element) {
  JoinedNode* const list = member(root_, key);
  if (list == nullptr) return false;
  if (list->kind == json::Kind::null || list->kind == json::Kind::absent) {
    *list = {.kind = json::Kind::array};
  }
  if (list->kind != json::Kind::array) return false;
  add_elements(element.to_text(), list->text);
  return true;
}

void JoinedJson::set_member(std::string_view key, const json::Value& value) {
  if (JoinedNode* const found = member(root_, key)) assign(*found, value);
}

Json JoinedJson::json() const {
  json::Writer writer;
  write(root_, writer);
  return Json::from_valid_text(std::move(writer).take());
}

// An object with too many members is kept as text, as a scalar that cannot be joined.
// NOLINTNEXTLINE(misc-no-recursion): the parser takes at most 256 levels
void JoinedJson::assign(JoinedNode& node, const json::Value& value) {
  node = {.kind = value.kind()};
  if (node.kind == json::Kind::string) {
    node.text = value.text_or_empty();
  } else if (node.kind == json::Kind::array) {
    node.text = elements_of(value);
  } else if (node.kind != json::Kind::object) {
    node.text = value.to_text();
  } else if (members_ + value.size() > kMaxMembers) {
    node = {.kind = json::Kind::number, .text = value.to_text()};
  } else {
    members_ += value.size();
    for (const auto [key, member] : value.members()) {
      assign(node.members.emplace_back(std::string(key), JoinedNode{}).second, member);
    }
  }
}

// NOLINTNEXTLINE(misc-no-recursion): the parser takes at most 256 levels
bool JoinedJson::join(JoinedNode& node, const json::Value& delta, std::string_view key) {
  if (delta.is_null() || !delta.exists()) return true;
  if (node.kind == json::Kind::null || node.kind == json::Kind::absent) {
    assign(node, delta);
    return true;
  }
  if (node.kind != delta.kind()) return false;
  switch (node.kind) {
    case json::Kind::string:
      if (key == "type") return node.text == delta.string();
      node.text += *delta.string();
      return true;
    case json::Kind::array:
      add_elements(elements_of(delta), node.text);
      return true;
    case json::Kind::object:
      return join_members(node, delta);
    default:
      return node.text == delta.to_text();
  }
}

// NOLINTNEXTLINE(misc-no-recursion): the parser takes at most 256 levels
bool JoinedJson::join_members(JoinedNode& node, const json::Value& delta) {
  bool is_joined = true;
  for (const auto [key, value] : delta.members()) {
    JoinedNode* const found = member(node, key);
    is_joined = found != nullptr && join(*found, value, key) && is_joined;
  }
  return is_joined;
}

// The member of that name, new if there is none; null when `node` cannot have it.
JoinedNode* JoinedJson::member(JoinedNode& node, std::string_view key) {
  if (node.kind != json::Kind::object) return nullptr;
  const auto found = std::ranges::find(node.members, key, &JoinedNode::Member::first);
  if (found != node.members.end()) return &found->second;
  if (members_ >= kMaxMembers) return nullptr;
  ++members_;
  return &node.members.emplace_back(std::string(key), JoinedNode{}).second;
}

}  // namespace llm::bedrock
