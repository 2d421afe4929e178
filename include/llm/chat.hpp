#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <llm/json.hpp>
#include <llm/message.hpp>
#include <llm/tool.hpp>

namespace llm {

/// Asks for a completion that conforms to a JSON Schema.
struct ResponseFormat {
  Json schema = Json::empty_object();
  std::string name{};  ///< Shown to the model; empty: `answer`.
  std::string description{};
};

/// Asks the model to reason first. Set `budget_tokens` or `effort`, whichever the model supports.
struct Reasoning {
  std::optional<int> budget_tokens{};  ///< At least 1024 on Claude.
  std::string effort{};  ///< `low`, `medium`, `high`, `xhigh` or `max`; empty: not sent.
  bool enabled = true;   ///< false: turns reasoning off explicitly.
};

/// A Bedrock guardrail to apply.
struct Guardrail {
  std::string id{};
  std::string version{};      ///< `DRAFT` or a number.
  std::string trace{};        ///< `enabled`, `disabled` or `enabled_full`; empty: not sent.
  std::string stream_mode{};  ///< `sync` or `async`; empty: not sent.
};

/// One chat request. The order of the members is part of the interface (designated initialisers).
struct ChatRequest {
  std::string model{};  ///< Empty: the client's model.
  std::vector<Message> messages{};
  std::optional<int>
      max_tokens{};  ///< Unset: the model's own maximum, never a smaller default of this library.
  std::optional<double> temperature{};  ///< 0.0–1.0; unset: the model's default.
  std::optional<double> top_p{};        ///< 0.0–1.0; unset: the model's default.
  std::vector<Tool> tools{};
  ToolChoice tool_choice{};
  std::optional<int> top_k{};
  std::vector<std::string> stop_sequences{};
  std::optional<ResponseFormat> response_format{};
  std::optional<Reasoning> reasoning{};
  std::optional<Guardrail> guardrail{};
  std::string service_tier{};                     ///< `priority`, `default`, `flex` or `reserved`.
  std::string latency{};                          ///< `standard` or `optimized`.
  std::map<std::string, std::string> metadata{};  ///< Sent along for the service's logs.
  std::map<std::string, std::string> prompt_variables{};  ///< For a model that is a prompt ARN.
  Json extra_fields{};  ///< JSON object merged into the model's native fields.
  std::vector<std::string> extra_response_fields{};  ///< JSON Pointers into the native response.
  std::string project{};  ///< Id or ARN of a Bedrock project; empty: the client's.
};

/// Why the model stopped, derived from its stop reason.
enum class FinishReason {
  stop,            ///< It had finished, or reached a stop sequence.
  length,          ///< It reached max_tokens or the end of the context window.
  tool_calls,      ///< It calls tools.
  content_filter,  ///< A guardrail or the provider's filter stopped it, or it refused.
  pause,           ///< The service paused a long turn; send the message back to resume it.
  unknown,         ///< A stop reason this version does not know; see `Choice::stop_reason`.
};

[[nodiscard]] std::string_view to_string(FinishReason reason);

/// Token counts as the service reported them. Unset means not reported, not zero.
struct Usage {
  std::optional<std::int64_t> prompt_tokens{};
  std::optional<std::int64_t> completion_tokens{};
  std::optional<std::int64_t> total_tokens{};
  std::optional<std::int64_t> cache_read_tokens{};
  std::optional<std::int64_t> cache_write_tokens{};
  /// The tokens written to the cache, by how long they are cached (`5m`, `1h`); empty: not
  /// reported.
  std::map<std::string, std::int64_t> cache_write_tokens_by_ttl{};
  [[nodiscard]] bool empty() const { return !prompt_tokens && !completion_tokens && !total_tokens; }
  friend bool operator==(const Usage&, const Usage&) = default;
};

/// Something that was changed or left out, or that the caller should know. `id` is stable;
/// `message` is written for people.
struct Warning {
  std::string id{};
  std::string message{};
  friend bool operator==(const Warning&, const Warning&) = default;
};

/// What came with a response besides the message.
struct ResponseDetails {
  std::string request_id{};
  std::optional<std::chrono::milliseconds> model_latency{};  ///< As the service reported it.
  int attempts = 1;                                          ///< Requests sent, including retries.
  std::string service_tier{};
  std::string latency{};
  std::string structured_output{};   ///< `native` or `tool` if a ResponseFormat was requested.
  Json extra_fields{};               ///< What `extra_response_fields` selected.
  Json trace{};                      ///< Guardrail and router trace, as the service sent it.
  std::optional<double> cost_usd{};  ///< Computed from the catalogue's price; unset: unknown.
  friend bool operator==(const ResponseDetails&, const ResponseDetails&) = default;
};

/// One completion. Bedrock returns exactly one.
struct Choice {
  int index = 0;
  Message message{};
  FinishReason finish_reason = FinishReason::unknown;
  std::string stop_reason{};  ///< The service's own word.
  std::optional<std::string>
      stop_sequence{};  ///< The stop sequence that was reached, if the model reports it.
  friend bool operator==(const Choice&, const Choice&) = default;
};

/// The response to a ChatRequest.
struct ChatResponse {
  std::string id{};     ///< The model's id for the message, else the request id.
  std::string model{};  ///< The id that was called.
  std::vector<Choice> choices{};
  Usage usage{};
  std::vector<Warning> warnings{};
  ResponseDetails details{};

  /// The text of the first choice; empty if there is none.
  [[nodiscard]] std::string text() const;
  friend bool operator==(const ChatResponse&, const ChatResponse&) = default;
};

/// The response as one line of JSON; docs/json.md has an example.
[[nodiscard]] std::string to_json(const ChatResponse& response);

/// One content block as one line of JSON; docs/json.md has an example of each kind.
[[nodiscard]] std::string to_json(const Content& content);

/// An error as one line of JSON: `{"error":{"code":...}}`; docs/json.md has an example.
[[nodiscard]] std::string to_json(const Error& error);

}  // namespace llm
