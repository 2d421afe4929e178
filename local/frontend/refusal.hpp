#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "local/http/message.hpp"

namespace llm::local {

/// Which layer of AWS speaks: it shows in `x-amzn-ErrorType` and in the name of the message.
enum class Origin {
  service,  ///< Bedrock: `…/com.amazon.bedrock/` and `message`.
  front,    ///< AWS's front end: `…/com.amazon.coral.service/` and `message`.
  api_key,  ///< The check of API keys: as `front`, but `Message`.
};

/// A request that is turned down, in AWS's words.
struct Refusal {
  int status = 400;
  std::string_view name = "ValidationException";  ///< Static text.
  std::string message{};
  Origin origin = Origin::service;
};

template <typename T>
using Checked = std::expected<T, Refusal>;

/// A ValidationException (400) of Bedrock.
[[nodiscard]] std::unexpected<Refusal> invalid(std::string message);

/// The `Malformed input request: …` that Bedrock makes of schema violations, which are written one
/// after the other without anything between; empty: the text could not even be parsed.
[[nodiscard]] std::unexpected<Refusal> malformed(std::string_view violations);

/// The refusal as restJson1 writes it: status, x-amzn-ErrorType and JSON body.
[[nodiscard]] Reply to_reply(const Refusal& refusal);

}  // namespace llm::local
