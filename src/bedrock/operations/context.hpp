#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <llm/chat.hpp>
#include <llm/error.hpp>
#include <llm/options.hpp>

#include "bedrock/call/pipeline.hpp"
#include "bedrock/codec/codec.hpp"
#include "bedrock/config/provider_config.hpp"
#include "bedrock/control/model_lookup.hpp"

namespace llm::bedrock {

/// What the calls of one client share. Streams own it too: they may outlive the provider.
struct ProviderCore {
  explicit ProviderCore(ProviderConfig settings);
  ProviderConfig config;
  Pipeline pipeline;
  ModelLookup lookup;
  /// The client's own model, parsed once. Null when only the service knows its base model.
  std::shared_ptr<const ModelId> own_model;
};

/// The warnings of one call, in the order in which they arise: settings, model lookup, lint,
/// encoding, region, response.
class CallWarnings {
 public:
  explicit CallWarnings(const ProviderConfig& config) : warnings_(config.warnings) {}

  void add(std::vector<Warning> more);
  [[nodiscard]] std::vector<Warning> take() && { return std::move(warnings_); }

 private:
  std::vector<Warning> warnings_;
};

/// The model of a request, and the warnings of its lookup.
struct FoundModel {
  std::shared_ptr<const ModelId> model{};
  std::vector<Warning> warnings{};
};

/// The parsed model of a request; an empty `requested_model` is the client's. Asks the service for
/// the base model where the identifier does not name one, within the deadline of the call.
/// Errors: as `parse_model_id`; cancelled.
[[nodiscard]] Result<FoundModel> model_of(const ProviderCore& core,
                                          const std::string& requested_model, const Call& call);

/// As `model_of` where that needs no waiting; nullopt where the service must be asked.
[[nodiscard]] std::optional<Result<FoundModel>> try_model_of(const ProviderCore& core,
                                                             const std::string& requested_model,
                                                             const Call& call);

/// Addresses a wire request to the model, in the region that its ARN or the client names. Moves
/// headers and body out of `wire`. `model` must outlive the result.
/// Errors: configuration_error for a bad region.
[[nodiscard]] Result<UnsignedRequest> unsigned_request_for(const ProviderCore& core,
                                                           const ModelId& model, WireRequest& wire,
                                                           Delivery delivery);

/// Whether the region of a request is still open.
[[nodiscard]] bool is_region_open(const ProviderCore& core, const UnsignedRequest& request,
                                  const Call& call);

/// Sends a request to a model. Where the region is still open, it is settled first: that may need
/// the network, so it is part of the call.
/// Errors: as `Pipeline::send` and `LateRegion::get`.
[[nodiscard]] Result<Response> send(const ProviderCore& core, UnsignedRequest& request,
                                    const Call& call);

/// The error of a buffered response that could not be decoded: the service's error if the body is
/// one, else `error`; with status, request id and attempts, and without the request's secrets.
[[nodiscard]] Error undecodable(const ProviderCore& core, const UnsignedRequest& request,
                                const Response& response, Error error);

/// Appends warnings that may explain an error to its message.
[[nodiscard]] Error explained(Error error, const std::vector<Warning>& warnings);

}  // namespace llm::bedrock
