#pragma once

#include <cstddef>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <llm/bedrock/client.hpp>

#include "base/text.hpp"
#include "fuzz/require.hpp"
#include "json/reader.hpp"

namespace llm::fuzz {

/// The models of the targets that decode or encode: each native format, and Converse. The first
/// letter of an input chooses.
struct ChatModel {
  std::string_view id{};
  bedrock::Api api = bedrock::Api::automatic;
};

inline constexpr ChatModel kChatModels[] = {
    {"anthropic.claude-3-haiku-20240307-v1:0"},
    {"anthropic.claude-3-haiku-20240307-v1:0", bedrock::Api::converse},
    {"anthropic.claude-v2:1"},
    {"amazon.titan-text-express-v1"},
    {"meta.llama3-8b-instruct-v1:0"},
    {"us.amazon.nova-pro-v1:0"},
    {"us.anthropic.claude-sonnet-4-5-20250929-v1:0"},
    {"us.anthropic.claude-sonnet-4-5-20250929-v1:0", bedrock::Api::converse},
};

inline const ChatModel& chat_model(char letter) {
  return kChatModels[static_cast<unsigned char>(letter) % std::size(kChatModels)];
}

/// A client that sends what can be encoded, once, and depends on nothing outside.
inline Client chat_client(const ChatModel& model, std::shared_ptr<const Transport> transport) {
  bedrock::Options options{.model = std::string(model.id), .region = "us-east-1"};
  options.api_key = Secret(std::string("key"));  // signing would take half of the time
  options.api = model.api;
  options.max_retries = 0;
  options.environment_use = bedrock::EnvironmentUse::ignore;
  options.transport = std::move(transport);
  options.lint = bedrock::Lint::off;
  auto client = bedrock::create_client(std::move(options));
  require(client.has_value(), "there is a client");
  return *std::move(client);
}

/// The client of a model over the one transport of the target, which the first call gives. Made
/// once: that costs more than a response.
inline const Client& client_of(const ChatModel& model,
                               const std::shared_ptr<const Transport>& transport) {
  static const auto clients = [&transport] {
    std::vector<Client> made;
    for (const ChatModel& each : kChatModels) made.push_back(chat_client(each, transport));
    return made;
  }();
  return clients[static_cast<std::size_t>(&model - kChatModels)];
}

inline ChatRequest ask() { return {.messages = {Message::user("Why is the sky blue?")}}; }

/// What the library prints is one JSON text, and so valid UTF-8.
inline void check_json(std::string_view text) {
  json::Parser parser;
  require(parser.parse(text).has_value(), "what is printed is JSON");
}

/// An error is fit to be logged.
inline void check_error(const Error& error) {
  require(!error.message.empty(), "an error says what happened");
  require(base::is_valid_utf8(error.message), "a message is UTF-8");
  check_json(to_json(error));
}

}  // namespace llm::fuzz
