#pragma once

#include <optional>
#include <string_view>

#include <llm/error.hpp>

#include "aws/protocol/service_error.hpp"
#include "bedrock/codec/service_wordings.hpp"

namespace llm::bedrock {

/// What the call itself can add to the advice of a row.
enum class AdviceSource {
  row,          ///< Nothing: the row's advice is all.
  permission,   ///< The IAM action that was refused, and the one that the operation needs.
  profile,      ///< The inference profile of the model in the region.
  successor,    ///< The model that replaces this one.
  callable_id,  ///< The id under which the model can be called in the region.
};

/// One row of docs/errors.md. An empty `name`, `text` or `condition` matches any; letters of either
/// case match.
struct ServiceErrorRow {
  std::string_view name{};               ///< Matches the name without `Exception` too.
  std::string_view text{};               ///< Part of the service's message.
  std::optional<Condition> condition{};  ///< Named by the service's message.
  ErrorCode code = ErrorCode::invalid_request_error;
  std::string_view explanation{};  ///< A sentence after the service's own words.
  std::string_view advice{};
  AdviceSource advice_source = AdviceSource::row;
};

/// The first row that matches the error; where none does, the one of its HTTP status.
[[nodiscard]] const ServiceErrorRow& row_for(const aws::ServiceError& error);

}  // namespace llm::bedrock
