#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <llm/chat.hpp>
#include <llm/error.hpp>
#include <llm/stream.hpp>
#include <llm/transport.hpp>

#include "bedrock/catalogue/catalogue.hpp"
#include "bedrock/codec/conversation.hpp"
#include "bedrock/codec/delivery.hpp"
#include "bedrock/codec/operation.hpp"
#include "bedrock/codec/stream_decoder.hpp"

namespace llm::bedrock {

/// The body and headers of a request in a wire format, before it has a host and a signature.
struct WireRequest {
  Operation operation = Operation::invoke_model;
  std::vector<HttpHeader> headers{};  ///< Content-Type, Accept and those of the operation.
  std::string body{};
  std::vector<Warning> warnings{};  ///< What was changed or left out.
  /// `native` or `tool` if the request has a ResponseFormat: ResponseDetails::structured_output.
  std::string structured_output{};
};

/// Translates between the public types and one wire format. Stateless; safe from any thread; pure.
class Codec {
 public:
  virtual ~Codec() = default;

  /// Requires: `conversation` is `arrange(request)`.
  /// Errors: unsupported_feature for what the format or model cannot carry, naming the model;
  /// configuration_error for a bad image or document; invalid_request_error for no messages.
  [[nodiscard]] virtual Result<WireRequest> encode(const ChatRequest& request,
                                                   Conversation conversation, const ModelId& model,
                                                   Delivery delivery) const = 0;

  /// Fills id, choices, usage, details and warnings from a 200 response; the caller adds `model`
  /// and `details.attempts`. Errors: model_error when it is not a response of this format.
  [[nodiscard]] virtual Result<ChatResponse> decode(const HttpResponseHead& head,
                                                    std::string_view body) const = 0;

  [[nodiscard]] virtual std::unique_ptr<StreamDecoder> stream_decoder() const = 0;
};

/// The codec of the Converse API. Lives as long as the program.
[[nodiscard]] const Codec& converse_codec();

/// The codec that carries a chat with a model of this wire format: a native one (formats.hpp), else
/// Converse.
[[nodiscard]] const Codec& codec_for(WireFormat format);

}  // namespace llm::bedrock
