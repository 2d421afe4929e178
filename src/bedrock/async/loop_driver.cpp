#include "bedrock/async/loop_driver.hpp"

#include <optional>
#include <string_view>
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

/// Runs one machine; each member function performs a step.
class Driver {
 public:
  Driver(loop::Core& core, loop::AsyncTransport& transport, const CallShared& shared,
         const UnsignedRequest& request, const Call& call)
      : core_(core),
        transport_(transport),
        shared_(shared),
        machine_(shared, request, call, shared.now()) {}

  Task<Result<LoopResponse>> run() {
    while (true) {
      const CallMachine::Step step = machine_.step();
      if (std::holds_alternative<CallMachine::Finished>(step)) break;
      if (const auto* sleep = std::get_if<CallMachine::Sleep>(&step)) {
        exchange_.reset();  // Its connection is not kept during the delay.
        co_await loop::Sleeping(core_, core_.now() + sleep->duration);
        machine_.on_slept(shared_.now());
      } else if (const auto* send = std::get_if<CallMachine::Send>(&step)) {
        co_await start(*send->request);
      } else if (std::holds_alternative<CallMachine::Receive>(step)) {
        co_await receive();
      } else if (std::holds_alternative<CallMachine::LookUp>(step)) {
        co_await look_up();
      } else {
        co_await renew(std::get<CallMachine::Renew>(step).refused);
      }
    }
    Result<Response> response = machine_.take();
    if (!response) co_return std::unexpected(std::move(response.error()));
    co_return with_exchange(std::move(*response), std::move(exchange_));
  }

 private:
  Task<> start(const HttpRequest& request) {
    auto started = transport_.start(request);
    if (!started) {
      machine_.on_failure(std::move(started.error()), shared_.now());
      co_return;
    }
    exchange_ = std::move(*started);
    while (true) {
      Result<bool> has_head = exchange_->has_head();
      if (!has_head) {
        machine_.on_failure(std::move(has_head.error()), shared_.now());
        co_return;
      }
      if (*has_head) break;
      co_await loop::Progress(*exchange_);
    }
    machine_.on_head(exchange_->head(), shared_.now());
  }

  Task<> receive() {
    while (true) {
      Result<std::optional<std::string_view>> bytes = exchange_->try_read();
      if (!bytes) {
        machine_.on_failure(std::move(bytes.error()), shared_.now());
        co_return;
      }
      if (!*bytes) {
        co_await loop::Progress(*exchange_);
      } else if ((*bytes)->empty() || !machine_.on_bytes(**bytes)) {
        machine_.on_end(shared_.now());
        co_return;
      }
    }
  }

  Task<> look_up() {
    if (auto found = shared_.authorizer.try_look_up()) {
      machine_.on_credentials(std::move(*found), shared_.now());
      co_return;
    }
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

  [[nodiscard]] aws::WaitLimits limits() const {
    return machine_.call().limits(machine_.request().name);
  }

  loop::Core& core_;
  loop::AsyncTransport& transport_;
  const CallShared& shared_;
  CallMachine machine_;
  std::unique_ptr<loop::AsyncExchange> exchange_;
};

}  // namespace

LoopResponse with_exchange(Response response, std::unique_ptr<loop::AsyncExchange> exchange) {
  loop::AsyncExchange* const reads = exchange.get();
  response.exchange = std::make_unique<OwnedExchange>(std::move(exchange));
  return {.response = std::move(response), .exchange = reads};
}

Task<Result<LoopResponse>> send_on(loop::Core& core, loop::AsyncTransport& transport,
                                   const CallShared& shared, const UnsignedRequest& request,
                                   const Call& call) {
  Driver driver(core, transport, shared, request, call);
  Result<LoopResponse> response = co_await driver.run();
  co_return response;
}

}  // namespace llm::bedrock
