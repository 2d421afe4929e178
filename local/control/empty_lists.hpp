#pragma once

#include <string_view>

#include <llm/local/operation.hpp>

#include "local/frontend/refusal.hpp"
#include "local/http/message.hpp"

namespace llm::local {

/// The reply of a list operation of which this server has nothing to list, and of
/// GetModelInvocationLoggingConfiguration, which is not set. `maxResults` and `nextToken` are
/// checked.
/// Source: botocore, service-2.json of bedrock and bedrock-runtime.
[[nodiscard]] Checked<Reply> list_nothing(Operation operation, std::string_view query);

}  // namespace llm::local
