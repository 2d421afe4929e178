#pragma once

#include <memory>
#include <utility>

#include <llm/task.hpp>

#include "bedrock/call/call.hpp"
#include "bedrock/call/call_shared.hpp"
#include "bedrock/call/response.hpp"
#include "bedrock/call/unsigned_request.hpp"
#include "loop/core.hpp"
#include "loop/exchange.hpp"

namespace llm::bedrock {

/// A response whose head has arrived on a loop. Of a stream, the body is still to be read.
struct LoopResponse {
  Response response;
  loop::AsyncExchange* exchange = nullptr;  ///< Owned by `response`.
};

/// `response` with the exchange that its body comes from.
[[nodiscard]] LoopResponse with_exchange(Response response,
                                         std::unique_ptr<loop::AsyncExchange> exchange);

/// Runs a CallMachine on a loop. Everything outlives the task.
/// Errors: as `Pipeline::send`, but for `cancelled`: who cancels destroys the task.
[[nodiscard]] Task<Result<LoopResponse>> send_on(loop::Core& core, loop::AsyncTransport& transport,
                                                 const CallShared& shared,
                                                 const UnsignedRequest& request, const Call& call);

}  // namespace llm::bedrock
