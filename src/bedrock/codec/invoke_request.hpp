#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <llm/chat.hpp>
#include <llm/error.hpp>

#include "bedrock/codec/codec.hpp"
#include "json/writer.hpp"

namespace llm::bedrock {

/// Largest body that InvokeModel takes (botocore, shape `Body`).
inline constexpr std::size_t kMaxInvokeBodyBytes = 25'000'000;

/// Refuses what no InvokeModel form can carry: response field pointers, prompt variables, streaming
/// from a model that cannot, numbers that are not finite, a forced tool without tools, texts that
/// are not UTF-8. Errors: unsupported_feature, configuration_error.
[[nodiscard]] Result<void> check_invoke(const ChatRequest& request, const ModelId& model,
                                        Delivery delivery);

/// The limit to send: the request's, else the model's own maximum. Bedrock's default would cut the
/// answer short. Errors: configuration_error when neither is known, or the limit is below 1.
[[nodiscard]] Result<std::int64_t> max_tokens_to_send(const ChatRequest& request,
                                                      const ModelId& model);

/// unsupported_feature: "`what` ... `model`".
[[nodiscard]] Error unsupported(const ModelId& model, std::string_view what);

/// Content-Type, Accept and the `X-Amzn-Bedrock-*` headers of guardrail, trace, latency, tier and
/// metadata. Errors: configuration_error for a value that a header or the service cannot take.
/// Source: botocore, InvokeModel.
[[nodiscard]] Result<std::vector<HttpHeader>> invoke_headers(const ChatRequest& request,
                                                             Delivery delivery);

/// The JSON object of an InvokeModel request. The caller's extra fields are merged into its top
/// level; where both sides set a member, the caller's is sent and a warning says so
/// (`extra_field_replaces`).
class InvokeBody {
 public:
  /// Errors: configuration_error when the extra fields are neither null nor an object.
  [[nodiscard]] static Result<InvokeBody> create(const Json& extra_fields);

  /// Begins a member, whose value is then written to `writer()`. False: write nothing, the
  /// caller's is sent instead.
  [[nodiscard]] bool begin(std::string_view name);
  [[nodiscard]] json::Writer& writer() { return writer_; }
  [[nodiscard]] std::vector<Warning>& warnings() { return warnings_; }

  /// Writes a member if the request sets it. Requires: numbers are finite.
  void member(std::string_view name, std::optional<double> number);
  void member(std::string_view name, std::optional<int> number);
  void member(std::string_view name, const std::vector<std::string>& texts);

  /// Adds the extra fields and the guardrail's stream mode, and makes the request.
  /// Errors: as `invoke_headers`; invalid_request_error when the body is too large.
  [[nodiscard]] Result<WireRequest> finish(const ChatRequest& request, Delivery delivery) &&;

 private:
  InvokeBody() = default;

  json::Writer writer_;
  std::vector<std::pair<std::string, std::string>> extra_;
  std::vector<Warning> warnings_;
};

}  // namespace llm::bedrock
