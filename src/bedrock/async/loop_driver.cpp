#include "bedrock/async/loop_driver.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

#include "aws/single_flight.hpp"
#include "base/errors.hpp"
#include "bedrock/async/join.hpp"
#include "bedrock/call/call_machine.hpp"
#include "loop/await.hpp"

namespace llm::bedrock {
namespace {

/// Lets a Response own an AsyncExchange, whose body the loop reads.
class OwnedExchange final : public HttpExchange {
 public:
  explicit OwnedExchange(std::unique_ptr<loop::AsyncExchange> exchange)
      : exchange_(std::move(exchange)) {}

  [[nodiscard]] const HttpResponseHead& head() const override { return exchange_->head(); }
  [[nodiscard]] Result<std::string_view> read_some() override {
    return std::unexpected(
        make_error(ErrorCode::internal_error, "A response on an event loop cannot block."));
  }

 private:
  std::unique_ptr<loop::AsyncExchange> exchange_;
};

/// What a machine asks for, each in a coroutine that few calls need.
class Waits {
 public:
  Waits(loop::Core& core, const CallShared& shared, CallMachine& machine)
      : core_(core), shared_(shared), machine_(machine) {}

  /// The credentials are not at hand.
  Task<> look_up() {
    const auto join = [this] { return shared_.authorizer.join_look_up(); };
    Result<aws::CredentialsLookup> found =
        co_await joined<aws::CredentialsLookup>(core_, limits(), join);
    machine_.on_credentials(std::move(found), shared_.now());
  }

  Task<> renew(ApiKeyVersion refused) {
    const auto known = shared_.authorizer.try_renewed(refused, machine_.call().options);
    if (known) {
      machine_.on_renewed(*known, shared_.now());
      co_return;
    }
    const auto join = [this, refused] { return shared_.authorizer.join_renewal(refused); };
    Result<bool> renewed = co_await joined<bool>(core_, limits(), join);
    machine_.on_renewed(std::move(renewed), shared_.now());
  }

  Task<> sleep(std::chrono::milliseconds duration) {
    co_await loop::Sleeping(core_, core_.now() + duration);
    machine_.on_slept(shared_.now());
  }

 private:
  [[nodiscard]] aws::WaitLimits limits() const {
    return machine_.call().limits(machine_.request().name);
  }

  loop::Core& core_;
  const CallShared& shared_;
  CallMachine& machine_;
};

/// Reports what the exchange has by now. False: nothing.
bool report_head(loop::AsyncExchange& exchange, CallMachine& machine, const CallShared& shared) {
  Result<bool> has_head = exchange.has_head();
  if (!has_head) {
    machine.on_failure(std::move(has_head.error()), shared.now());
    return true;
  }
  if (*has_head) machine.on_head(exchange.head(), shared.now());
  return *has_head;
}

/// The same for the body. True: the machine has what it wanted, or a failure.
bool report_body(loop::AsyncExchange& exchange, CallMachine& machine, const CallShared& shared) {
  while (true) {
    Result<std::optional<std::string_view>> bytes = exchange.try_read();
    if (!bytes) {
      machine.on_failure(std::move(bytes.error()), shared.now());
      return true;
    }
    if (!*bytes) return false;
    if ((*bytes)->empty() || !machine.on_bytes(**bytes)) {
      machine.on_end(shared.now());
      return true;
    }
  }
}

/// Null when the request could not be sent, which the machine knows then.
std::unique_ptr<loop::AsyncExchange> started(loop::AsyncTransport& transport,
                                             const HttpRequest& request, CallMachine& machine,
                                             const CallShared& shared) {
  auto exchange = transport.start(request);
  if (exchange) return std::move(*exchange);
  machine.on_failure(std::move(exchange.error()), shared.now());
  return nullptr;
}

}  // namespace

LoopResponse with_exchange(Response response, std::unique_ptr<loop::AsyncExchange> exchange) {
  loop::AsyncExchange* const reads = exchange.get();
  response.exchange = std::make_unique<OwnedExchange>(std::move(exchange));
  return {.response = std::move(response), .exchange = reads};
}

// One coroutine, not one for each step: its frame is the memory of a call that waits.
Task<Result<LoopResponse>> send_on(loop::Core& core, loop::AsyncTransport& transport,
                                   const CallShared& shared, const UnsignedRequest& request,
                                   const Call& call) {
  CallMachine machine(shared, request, call, shared.now());
  std::unique_ptr<loop::AsyncExchange> exchange;
  Waits waits(core, shared, machine);
  while (true) {
    const CallMachine::Step step = machine.step();
    if (std::holds_alternative<CallMachine::Finished>(step)) break;
    if (const auto* send = std::get_if<CallMachine::Send>(&step)) {
      exchange = started(transport, *send->request, machine, shared);
      while (exchange != nullptr && !report_head(*exchange, machine, shared)) {
        co_await loop::Progress(*exchange);
      }
    } else if (std::holds_alternative<CallMachine::Receive>(step)) {
      while (!report_body(*exchange, machine, shared)) co_await loop::Progress(*exchange);
    } else if (const auto* sleep = std::get_if<CallMachine::Sleep>(&step)) {
      exchange.reset();  // Its connection is not kept during the delay.
      co_await waits.sleep(sleep->duration);
    } else if (std::holds_alternative<CallMachine::LookUp>(step)) {
      if (auto found = shared.authorizer.try_look_up()) {
        machine.on_credentials(std::move(*found), shared.now());
      } else {
        co_await waits.look_up();
      }
    } else {
      co_await waits.renew(std::get<CallMachine::Renew>(step).refused);
    }
  }
  if (!machine.has_succeeded()) co_return std::unexpected(std::move(machine.take().error()));
  co_return with_exchange(std::move(*machine.take()), std::move(exchange));
}

}  // namespace llm::bedrock
