#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <llm/chat.hpp>
#include <llm/error.hpp>
#include <llm/json.hpp>

#include "bedrock/codec/codec.hpp"
#include "bedrock/codec/invoke/request.hpp"

namespace llm::bedrock {

// What the two APIs of bedrock-mantle have in common, and the headers of Anthropic Messages there.

/// Refuses what neither API can carry: guardrail, latency, response field pointers, prompt
/// variables, and what `check_request` refuses. Errors: unsupported_feature, configuration_error.
[[nodiscard]] Result<void> check_mantle(const ChatRequest& request, const ModelId& model,
                                        Delivery delivery);

/// Writes the model and, for a stream, `stream`.
void begin_mantle_body(const ModelId& model, Delivery delivery, InvokeBody& body);

/// Content-Type and Accept.
[[nodiscard]] std::vector<HttpHeader> mantle_headers(Delivery delivery);

/// What of the extra fields bedrock-mantle reads from headers. Source: litellm 1.110.2.
struct MessagesHeaders {
  std::string version = "2023-06-01";
  std::string betas{};  ///< A comma list.
  Json other_fields{};

  void add_beta(std::string_view beta);
};

/// Splits extra fields into those headers and the rest. What is not an object is the rest.
[[nodiscard]] MessagesHeaders messages_headers(const Json& extra_fields);

/// The request of Anthropic Messages with this body.
/// Errors: configuration_error for a version or a beta flag that a header cannot carry.
[[nodiscard]] Result<WireRequest> messages_request(const ChatRequest& request, const ModelId& model,
                                                   Delivery delivery,
                                                   const MessagesHeaders& headers,
                                                   InvokeBody&& body);

}  // namespace llm::bedrock
