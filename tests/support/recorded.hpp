#pragma once

#include <functional>
#include <initializer_list>
#include <optional>
#include <string_view>

#include <llm/transport.hpp>

#include "json/reader.hpp"

namespace llm::test_support {

/// Visits the recorded exchanges with Amazon Bedrock whose `form` is one of `formats`, in order.
/// Returns how many there were; nullopt when $BEDROCK_RECORDED, the path of the file, is not set.
[[nodiscard]] std::optional<int> for_each_recorded(
    std::initializer_list<std::string_view> formats,
    const std::function<void(const json::Value& exchange)>& visit);

/// Status and headers of a recorded response.
[[nodiscard]] HttpResponseHead head_of(const json::Value& exchange);

}  // namespace llm::test_support
