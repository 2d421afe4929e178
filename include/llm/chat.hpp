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

/// Ask for an answer that fits a JSON Schema.
struct ResponseFormat {
  Json schema = Json::empty_object();
  std::string name{};  ///< Empty: `answer`.
  std::string description{};
};

/// Ask the model to think first. Set `budget_tokens` or `effort`, as the model takes it.
struct Reasoning {
  std::optional<int> budget_tokens{};  ///< At least 1024 on Claude.
  std::string effort{};  ///< `low`, `medium`, `high`, `xhigh` or `max`; empty: not sent.
  bool enabled = true;   ///< false: say explicitly that it is off.
};

/// A Bedrock guardrail to apply.
struct Guardrail {
  std::string id{};
  std::string version{};      ///< `DRAFT` or a number.
  std::string trace{};        ///< `enabled`, `disabled` or `enabled_full`; empty: not sent.
  std::string stream_mode{};  ///< `sync` or `async`; empty: not sent.
};

/// One question to a model. Member order is part of the interface (designated initialisers).
struct ChatRequest {
  std::string model{};  ///< Empty: the client's.
  std::vector<Message> messages{};
  std::optional<int>
      max_tokens{};  ///< Unset: the model's own maximum; never a hidden small number.
  std::optional<double> temperature{};  ///< 0.0–1.0; unset: the model's default.
  std::optional<double> top_p{};        ///< 0.0–1.0; unset: the model's default.
  std::vector<Tool> tools{};
  ToolChoice tool_choice{};
  std::optional<int> top_k{};
  std::vector<std::string> stop_sequences{};
  std::optional<ResponseFormat> response_format{};
  std::optional<Reasoning> reasoning{};
  std::optional<Guardrail> guardrail{};
  std::string service_tier{};                     ///< `priority`, `default`, `flex`, `reserved`.
  std::string latency{};                          ///< `standard` or `optimized`.
  std::map<std::string, std::string> metadata{};  ///< Request metadata for the service's logs.
  std::map<std::string, std::string> prompt_variables{};  ///< With a prompt ARN as model.
  Json extra_fields{};                               ///< Object merged into the model's own fields.
  std::vector<std::string> extra_response_fields{};  ///< JSON Pointers into the model's own answer.
};

/// Why the model stopped, from what it said.
enum class FinishReason {
  stop,            ///< It was done, or met a stop sequence.
  length,          ///< It met max_tokens or the context window.
  tool_calls,      ///< It asks for tools.
  content_filter,  ///< A guardrail or the provider's filter stopped it, or it refused.
  pause,           ///< A long turn was paused by the service; send the answer back to go on.
  unknown,         ///< A reason this version does not know; see `Choice::stop_reason`.
};

[[nodiscard]] std::string_view to_string(FinishReason reason);

/// Token counts as the service reported them. Unset means not reported, never zero.
struct Usage {
  std::optional<std::int64_t> prompt_tokens{};
  std::optional<std::int64_t> completion_tokens{};
  std::optional<std::int64_t> total_tokens{};
  std::optional<std::int64_t> cache_read_tokens{};
  std::optional<std::int64_t> cache_write_tokens{};
  [[nodiscard]] bool empty() const { return !prompt_tokens && !completion_tokens && !total_tokens; }
  friend bool operator==(const Usage&, const Usage&) = default;
};

/// Something that was changed, could not be told, or should be known. `id` is stable.
struct Warning {
  std::string id{};
  std::string message{};
  friend bool operator==(const Warning&, const Warning&) = default;
};

/// What came with an answer besides the message.
struct ResponseDetails {
  std::string request_id{};
  std::optional<std::chrono::milliseconds> model_latency{};  ///< As reported by the service.
  int attempts = 1;                                          ///< Requests sent, retries included.
  std::string service_tier{};
  std::string latency{};
  std::string structured_output{};   ///< `native` or `tool` when a ResponseFormat was asked for.
  Json extra_fields{};               ///< What `extra_response_fields` selected.
  Json trace{};                      ///< Guardrail and router trace, as the service wrote it.
  std::optional<double> cost_usd{};  ///< From the catalogue's price; unset: unknown.
  friend bool operator==(const ResponseDetails&, const ResponseDetails&) = default;
};

/// One answer. Bedrock gives exactly one.
struct Choice {
  int index = 0;
  Message message{};
  FinishReason finish_reason = FinishReason::unknown;
  std::string stop_reason{};  ///< The model's own word.
  std::optional<std::string>
      stop_sequence{};  ///< The sequence that was met, where the model says so.
  friend bool operator==(const Choice&, const Choice&) = default;
};

/// The whole answer to a ChatRequest.
struct ChatResponse {
  std::string id{};     ///< The model's id for the answer, else the request id.
  std::string model{};  ///< The id that was called.
  std::vector<Choice> choices{};
  Usage usage{};
  std::vector<Warning> warnings{};
  ResponseDetails details{};

  /// The text of the first choice; empty when there is none.
  [[nodiscard]] std::string text() const;
  friend bool operator==(const ChatResponse&, const ChatResponse&) = default;
};

/// The response as one line of JSON in the specification's names; docs/json.md shows one.
[[nodiscard]] std::string to_json(const ChatResponse& response);

/// One block of content as one line of JSON; docs/json.md shows each kind.
[[nodiscard]] std::string to_json(const Content& content);

/// An error as one line of JSON: `{"error":{"code":...}}`; docs/json.md shows one.
[[nodiscard]] std::string to_json(const Error& error);

}  // namespace llm
