#pragma once

#include <initializer_list>
#include <string_view>
#include <vector>

#include <llm/chat.hpp>
#include <llm/message.hpp>

#include "bedrock/codec/conversation.hpp"
#include "json/reader.hpp"
#include "json/writer.hpp"

namespace llm::bedrock {

/// A copy of `value` as text; `null` for an absent one.
[[nodiscard]] Json json_of(const json::Value& value);

/// The members of `object` other than the `known` ones. Empty if there are none.
[[nodiscard]] UnknownMembers unknown_members(std::string_view wire_format,
                                             const json::Value& object,
                                             std::initializer_list<std::string_view> known);

/// Whether `object` has only `known` members.
[[nodiscard]] bool has_only(const json::Value& object,
                            std::initializer_list<std::string_view> known);

/// Warns (`unknown_members`) that those of a block were left out, if there are any.
void warn_of_unknown_members(const UnknownMembers& unknown, const BlockPosition& position,
                             std::vector<Warning>& warnings);

/// Writes them back into the current object. Those of another wire format are left out, with the
/// warning `unknown_members`.
void write_unknown_members(std::string_view wire_format, const UnknownMembers& unknown,
                           const BlockPosition& position, json::Writer& writer,
                           std::vector<Warning>& warnings);

}  // namespace llm::bedrock
