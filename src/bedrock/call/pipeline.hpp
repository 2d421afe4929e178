#pragma once

#include <chrono>
#include <optional>
#include <string_view>
#include <utility>

#include <llm/aws/credentials.hpp>
#include <llm/error.hpp>
#include <llm/transport.hpp>

#include "bedrock/call/call.hpp"
#include "bedrock/call/call_machine.hpp"
#include "bedrock/call/call_shared.hpp"
#include "bedrock/call/response.hpp"
#include "bedrock/call/unsigned_request.hpp"

namespace llm::bedrock {

/// Signs, sends, retries and times requests: the one way from the provider to the network. One for
/// each client; const members are safe from many threads.
class Pipeline {
 public:
  explicit Pipeline(PipelineConfig config) : shared_(std::move(config)) {}

  /// A call that begins now: its time limit is that of the options, else the client's. Everything
  /// that the calls of a client share is used within one.
  /// Errors: as `InFlight::enter`.
  [[nodiscard]] Result<Call> begin(CallOptions options) const {
    Result<InFlight::Place> place = InFlight::enter(config().in_flight);
    if (!place) return std::unexpected(std::move(place.error()));
    Call call = Call::begin(std::move(options), config().timeouts.total, config().system);
    call.in_flight = std::move(*place);
    return call;
  }

  /// Runs a CallMachine on this thread. `last_head`, when given, receives the head of the last
  /// response, errors included.
  /// Errors: any; `attempts` is filled in. Nothing is retried once the 2xx head of a stream has
  /// arrived.
  [[nodiscard]] Result<Response> send(const UnsignedRequest& request, const Call& call,
                                      HttpResponseHead* last_head = nullptr) const;

  /// The error in a response with status 200, or nullopt. For responses that are not understood.
  [[nodiscard]] std::optional<Error> error_in_success(const UnsignedRequest& request,
                                                      const HttpResponseHead& head,
                                                      std::string_view body) const {
    return bedrock::error_in_success(request, head, body, config().system->now());
  }

  /// The client's credentials, within the limits of the call. `subject` is for messages.
  [[nodiscard]] Result<aws::CredentialsLookup> look_up_credentials(std::string_view subject,
                                                                   const Call& call) const {
    return shared_.authorizer.look_up(subject, call);
  }

  /// The server's clock less ours, as far as it is known.
  [[nodiscard]] std::chrono::milliseconds clock_offset() const { return shared_.clock_offset(); }
  [[nodiscard]] const PipelineConfig& config() const { return shared_.config; }
  /// For a CallMachine that another driver runs.
  [[nodiscard]] const CallShared& shared() const { return shared_; }

 private:
  CallShared shared_;
};

}  // namespace llm::bedrock
