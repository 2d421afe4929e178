#pragma once

#include <optional>
#include <string>
#include <vector>

#include <llm/chat.hpp>
#include <llm/client.hpp>
#include <llm/error.hpp>

#include "connection.hpp"
#include "exit_code.hpp"
#include "terminal.hpp"

namespace cli {

/// How a response is printed.
enum class Format { text, json, stream_json };

/// The parsed arguments of `bedrock chat`.
struct ChatOptions {
  ConnectionOptions connection{};
  std::vector<std::string> prompt{};
  std::string system{};
  std::vector<std::string> attachments{};
  std::optional<int> max_tokens{};
  bool models_own_maximum = false;  ///< --max-tokens max.
  std::optional<int> reasoning{};   ///< Tokens.
  std::optional<double> temperature{};
  std::optional<double> top_p{};
  std::string tools_file{};
  bool no_stream = false;
  Format format = Format::text;

  [[nodiscard]] Style style() const { return format == Format::text ? Style::text : Style::json; }
};

/// Those of them that a command has and was given.
[[nodiscard]] ChatOptions chat_options(const Given& given);

/// The request without a user message: system prompt, limits and tools.
/// Errors: configuration_error for a tools file that cannot be read.
[[nodiscard]] llm::Result<llm::ChatRequest> base_request(const ChatOptions& options);

/// How many tokens a completion may have: --max-tokens, else a standard, which is enough for most
/// and which the model can do. Bedrock reserves them against the quota of tokens per minute. Unset:
/// the model's own maximum; also for a model whose maximum is not known.
[[nodiscard]] std::optional<int> output_limit(const ChatOptions& options,
                                              const llm::Client& client);

/// The user message: attachments, then `text`.
/// Errors: configuration_error for an attachment that cannot be used, or text that is not UTF-8.
[[nodiscard]] llm::Result<llm::Message> user_message(const ChatOptions& options, std::string text);

/// The request with its user message: standard input, then the words.
/// Errors: as `base_request` and `user_message`; configuration_error if there is no prompt.
[[nodiscard]] llm::Result<llm::ChatRequest> full_request(const ChatOptions& options);

}  // namespace cli
