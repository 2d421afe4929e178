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
#include "bedrock/codec/merged_object.hpp"
#include "bedrock/codec/request_check.hpp"
#include "json/writer.hpp"

namespace llm::bedrock {

/// Largest body that InvokeModel takes (botocore, shape `Body`).
inline constexpr std::size_t kMaxInvokeBodyBytes = 25'000'000;

/// Refuses what no InvokeModel format can carry: response field pointers, prompt variables, and
/// what `check_request` refuses. Errors: unsupported_feature, configuration_error.
[[nodiscard]] Result<void> check_invoke(const ChatRequest& request, const ModelId& model,
                                        Delivery delivery);

/// The limit to send: the request's, else the model's maximum; Bedrock's default would truncate the
/// completion. Errors: configuration_error when neither is known, or the limit is below 1.
[[nodiscard]] Result<std::int64_t> max_tokens_to_send(const ChatRequest& request,
                                                      const ModelId& model);

/// Content-Type, Accept and the `X-Amzn-Bedrock-*` headers of guardrail, trace, latency, tier,
/// project and metadata. Errors: configuration_error for a value that the header or the service
/// does not accept. Source: botocore, InvokeModel.
[[nodiscard]] Result<std::vector<HttpHeader>> invoke_headers(const ChatRequest& request,
                                                             std::string_view project,
                                                             Delivery delivery);

/// The JSON body of an InvokeModel request, with the caller's extra fields merged in.
class InvokeBody {
 public:
  /// Errors: configuration_error when the extra fields are neither null nor an object.
  [[nodiscard]] static Result<InvokeBody> create(const Json& extra_fields);

  /// See MergedObject.
  [[nodiscard]] bool begin(std::string_view name) { return object_.begin(name); }
  [[nodiscard]] json::Writer& writer() { return object_.writer(); }
  [[nodiscard]] std::vector<Warning>& warnings() { return object_.warnings(); }

  /// Writes a member if the request sets it. Requires: numbers are finite.
  void member(std::string_view name, std::optional<double> number);
  void member(std::string_view name, std::optional<int> number);
  void member(std::string_view name, const std::vector<std::string>& texts);

  /// Adds the extra fields and the guardrail's stream mode, and returns the request.
  /// Errors: as `invoke_headers`; invalid_request_error when the body is too large.
  [[nodiscard]] Result<WireRequest> finish(const ChatRequest& request, const ModelId& model,
                                           Delivery delivery) &&;

  /// Adds the extra fields and returns the body alone, for another operation.
  [[nodiscard]] std::string take() && { return std::move(object_).take(); }

 private:
  explicit InvokeBody(MergedObject object) : object_(std::move(object)) {}

  MergedObject object_;
};

}  // namespace llm::bedrock
