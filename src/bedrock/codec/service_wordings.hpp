#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace llm::bedrock {

/// What a message of the service means where its name for the error does not say.
enum class Condition : std::uint8_t {
  context_overflow,             ///< The prompt is too long for the model.
  context_overflow_with_limit,  ///< Prompt and max_tokens together are too long for the model.
  max_tokens_too_large,         ///< The model cannot write that much.
  use_case_form,                ///< The account has not submitted the provider's form.
  payment,                      ///< The account has no valid means of payment.
  marketplace,                  ///< The caller may not subscribe to the model.
  daily_quota,                  ///< The tokens of the day are used up.
  throttled,                    ///< Too many requests or tokens at a time.
};

/// One wording of a condition. The service words the same condition in many ways, by API and model.
struct ServiceWording {
  std::string_view text{};  ///< Part of the message, in lower case.
  Condition condition{};
  std::string_view source{};  ///< Where the message was seen.
};

/// Every wording; the first that matches counts.
[[nodiscard]] std::span<const ServiceWording> service_wordings();

/// The condition that a message names, in letters of any case; nullopt when it names none.
[[nodiscard]] std::optional<Condition> condition_of(std::string_view message);

/// What to do about a conversation that is too long.
inline constexpr std::string_view kShorten = "Shorten the conversation or its attachments.";
inline constexpr std::string_view kShortenOrLowerLimit =
    "Shorten the conversation or its attachments, or set a lower max_tokens: the two together must "
    "fit. Without max_tokens, some native formats send the model's maximum.";

}  // namespace llm::bedrock
