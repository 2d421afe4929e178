#pragma once

#include <cstdint>
#include <string_view>

#include <llm/error.hpp>

#include "bedrock/codec/codec.hpp"

namespace llm::bedrock {

/// The CountTokens request for the prompt of `chat`. It carries the members of a Converse request
/// that CountTokens accepts, or a whole native body.
/// Requires: `chat` was encoded by a codec, for buffered delivery.
/// Source: botocore, CountTokens of bedrock-runtime.
[[nodiscard]] WireRequest encode_count_tokens(WireRequest chat);

/// The number of tokens in a 200 response.
/// Errors: model_error when it has none.
[[nodiscard]] Result<std::int64_t> decode_count_tokens(std::string_view body);

}  // namespace llm::bedrock
