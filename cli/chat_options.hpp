#pragma once

#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include <llm/chat.hpp>
#include <llm/error.hpp>

#include "connection.hpp"
#include "exit_code.hpp"
#include "terminal.hpp"

namespace cli {

/// How an answer is printed.
enum class Format { text, json, stream_json };

/// The words after `bedrock chat`, parsed.
struct ChatOptions {
  ConnectionOptions connection;
  std::vector<std::string> prompt;
  std::string system;
  std::vector<std::string> attachments;
  std::optional<int> max_tokens;
  std::optional<double> temperature;
  std::optional<double> top_p;
  std::string tools_file;
  bool no_stream = false;
  Format format = Format::text;

  [[nodiscard]] Style style() const { return format == Format::text ? Style::text : Style::json; }
};

/// The options, or the code to end with.
[[nodiscard]] std::variant<ChatOptions, ExitCode> parse_chat(
    std::span<const std::string> arguments);

/// Adds the options that make a question: its words, system text, attachments, tools.
void add_question_options(CLI::App& app, ChatOptions& options);

/// The request that the options make, without a question: system text, limits and tools.
/// Errors: configuration_error for a tools file that cannot be read.
[[nodiscard]] llm::Result<llm::ChatRequest> base_request(const ChatOptions& options);

/// The question: attachments, then `text`.
/// Errors: configuration_error for an attachment that cannot be used, or text that is not UTF-8.
[[nodiscard]] llm::Result<llm::Message> question(const ChatOptions& options, std::string text);

/// The request with its question: what is piped in, then the words.
/// Errors: as `base_request` and `question`; configuration_error when there is nothing to ask.
[[nodiscard]] llm::Result<llm::ChatRequest> whole_request(const ChatOptions& options);

}  // namespace cli
