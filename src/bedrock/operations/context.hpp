#pragma once

#include <memory>
#include <string>
#include <vector>

#include <llm/chat.hpp>
#include <llm/error.hpp>
#include <llm/options.hpp>

#include "bedrock/call/pipeline.hpp"
#include "bedrock/codec/codec.hpp"
#include "bedrock/config/provider_config.hpp"
#include "bedrock/control/model_lookup.hpp"

namespace llm::bedrock {

/// What the calls of one client share. Streams hold it too: they may outlive the provider.
struct ProviderCore {
  explicit ProviderCore(ProviderConfig settings);
  ProviderConfig config;
  Pipeline pipeline;
  ModelLookup lookup;
  /// Of the client, parsed once. Null when the service has to be asked about it.
  std::shared_ptr<const ModelId> own_model;
};

/// The model of a request, and what there is to say about how it was found.
struct FoundModel {
  std::shared_ptr<const ModelId> model{};
  std::vector<Warning> warnings{};
};

/// The model of a request, taken apart; `asked` empty: the client's. Asks the service where the
/// identifier does not tell the base model, within the call's deadline. Errors: as
/// `parse_model_id`; cancelled.
[[nodiscard]] Result<FoundModel> model_of(const ProviderCore& core, const std::string& asked,
                                          const Call& call);

/// The codec that carries a chat with the model.
/// Errors: unsupported_feature for a model that makes embeddings, and when `api` is `invoke` and
/// there is no native form, or the family is not known.
[[nodiscard]] Result<const Codec*> choose_codec(const ProviderConfig& config, const ModelId& model);

/// The wire request as an operation on the model, aimed at the region that the model's ARN or the
/// client names. `model` must outlive it; the warnings stay where they are.
/// Errors: configuration_error for a bad region.
[[nodiscard]] Result<UnsignedRequest> operation_on(const ProviderCore& core, const ModelId& model,
                                                   WireRequest& wire, Delivery delivery);

/// Sends an operation on a model. Settles the region first where it is still open: that may ask the
/// network, so it is part of the call.
/// Errors: as `Pipeline::send` and `LateRegion::get`.
[[nodiscard]] Result<Response> send(const ProviderCore& core, UnsignedRequest& operation,
                                    const Call& call);

/// The error of a whole answer that was not understood: the one that the answer hides, else
/// `error`; with what is known of the exchange, and without what was secret in the request.
[[nodiscard]] Error not_understood(const ProviderCore& core, const UnsignedRequest& operation,
                                   const Response& answer, Error error);

/// An error together with what may explain it.
[[nodiscard]] Error explained(Error error, const std::vector<Warning>& warnings);

/// Puts `first` in front of `warnings`.
void add_front(std::vector<Warning>& warnings, const std::vector<Warning>& first);

}  // namespace llm::bedrock
