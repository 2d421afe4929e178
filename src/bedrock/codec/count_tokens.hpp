#pragma once

#include <cstdint>
#include <string_view>

#include <llm/error.hpp>

#include "bedrock/codec/codec.hpp"

namespace llm::bedrock {

/// Asks how many tokens the prompt of `chat` has. Of a Converse request only what CountTokens takes
/// goes along; a native body goes as it is.
/// Requires: `chat` was encoded by a codec, for whole delivery.
/// Source: botocore, CountTokens of bedrock-runtime.
[[nodiscard]] WireRequest encode_count_tokens(WireRequest chat);

/// The number of tokens in a 200 answer.
/// Errors: model_error when there is none.
[[nodiscard]] Result<std::int64_t> decode_count_tokens(std::string_view body);

}  // namespace llm::bedrock
