#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <llm/json.hpp>

#include "json/reader.hpp"

namespace llm::bedrock {

/// A part of a JoinedJson: a text (decoded), the elements of a list (as JSON), any other scalar (as
/// JSON), or an object.
struct JoinedNode {
  using Member = std::pair<std::string, JoinedNode>;

  json::Kind kind = json::Kind::absent;
  std::string text{};
  std::vector<Member> members{};
};

/// A content block of unknown kind that arrives in deltas, joined again: texts and lists are
/// appended, objects are joined member by member, and what the block lacked so far is added. A
/// `type` is not text. Used by one thread.
class JoinedJson {
 public:
  JoinedJson() = default;
  /// Begins with a copy of `value`.
  explicit JoinedJson(const json::Value& value);

  /// Joins a delta of one member. False: the two cannot be joined, such as a number with another
  /// one, this is not an object, or it has more members than any real block; what could be joined
  /// stays.
  [[nodiscard]] bool join_member(std::string_view key, const json::Value& delta);
  /// Appends an element to a member that is a list, or absent. False: as `join_member`.
  [[nodiscard]] bool append(std::string_view key, const json::Value& element);
  /// Replaces a member, or adds it. Requires: this is an object.
  void set_member(std::string_view key, const json::Value& value);

  /// What has been joined so far.
  [[nodiscard]] Json json() const;

 private:
  void assign(JoinedNode& node, const json::Value& value);
  [[nodiscard]] bool join(JoinedNode& node, const json::Value& delta, std::string_view key);
  [[nodiscard]] bool join_members(JoinedNode& node, const json::Value& delta);
  [[nodiscard]] JoinedNode* member(JoinedNode& node, std::string_view key);

  JoinedNode root_;
  std::size_t members_ = 0;  ///< Of all objects.
};

}  // namespace llm::bedrock
