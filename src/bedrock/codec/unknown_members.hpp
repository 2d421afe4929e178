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

/// A copy of `value` as text. NotConfigured: `null`.
[[nodiscard]] Json json_of(const json::Value& value);

/// What `object` has besides the `known` members. Nothing when it has no other ones.
[[nodiscard]] UnknownMembers unknown_members(std::string_view wire_format,
                                             const json::Value& object,
                                             std::initializer_list<std::string_view> known);

/// Whether `object` has no members but the `known` ones.
[[nodiscard]] bool has_only(const json::Value& object,
                            std::initializer_list<std::string_view> known);

/// Says (`unknown_members`) that those of a block were left out, if there are any.
void warn_of_unknown_members(const UnknownMembers& unknown, const BlockPosition& position,
                             std::vector<Warning>& warnings);

/// Writes them back into the object that is being written. Those of another form are left out with
/// the warning `unknown_members`.
void write_unknown_members(std::string_view wire_format, const UnknownMembers& unknown,
                           const BlockPosition& position, json::Writer& writer,
                           std::vector<Warning>& warnings);

}  // namespace llm::bedrock
