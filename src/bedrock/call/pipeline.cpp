#include "bedrock/call/pipeline.hpp"

#include <memory>
#include <stop_token>
#include <utility>
#include <variant>

namespace llm::bedrock {
namespace {

/// Does what a CallMachine asks for, on the thread of the caller.
class BlockingDriver {
 public:
  BlockingDriver(const CallShared& shared, const UnsignedRequest& request, const Call& call,
                 HttpResponseHead* last_head)
      : shared_(shared),
        stop_(call.options.stop),
        machine_(shared, request, call, shared.now(), last_head) {}

  Result<Response> run() && {
    while (!is_finished_) std::visit([this](const auto& step) { perform(step); }, machine_.step());
    if (machine_.has_succeeded()) {
      Result<Response> response = machine_.take();
      response->exchange = std::move(exchange_);
      return response;
    }
    return machine_.take();
  }

 private:
  // Each is one step.

  void perform(CallMachine::LookUp) {
    auto found = shared_.authorizer.look_up(machine_.request().name, machine_.call());
    note_stop();
    machine_.on_credentials(std::move(found), shared_.now());
  }

  void perform(CallMachine::Send send) {
    auto sent = shared_.config.transport->send(*send.request, stop_);
    if (!sent) {
      fail(std::move(sent.error()));
      return;
    }
    exchange_ = std::move(*sent);
    machine_.on_head(exchange_->head(), shared_.now());
  }

  void perform(CallMachine::Receive) {
    while (true) {
      Result<std::string_view> bytes = exchange_->read_some();
      if (!bytes) {
        fail(std::move(bytes.error()));
        return;
      }
      if (bytes->empty() || !machine_.on_bytes(*bytes)) {
        note_stop();
        machine_.on_end(shared_.now());
        return;
      }
    }
  }

  void perform(CallMachine::Sleep sleep) {
    exchange_.reset();  // Its connection is not kept during the delay.
    if (!shared_.config.system->sleep_for(sleep.duration, stop_)) machine_.stop();
    machine_.on_slept(shared_.now());
  }

  void perform(CallMachine::Renew renew) {
    auto renewed =
        shared_.authorizer.renew_api_key(renew.refused, machine_.request().name, machine_.call());
    note_stop();
    machine_.on_renewed(std::move(renewed), shared_.now());
  }

  void perform(CallMachine::Finished) { is_finished_ = true; }

  void fail(Error error) {
    note_stop();
    machine_.on_failure(std::move(error), shared_.now());
  }

  void note_stop() {
    if (stop_.stop_requested()) machine_.stop();
  }

  const CallShared& shared_;
  const std::stop_token& stop_;
  CallMachine machine_;
  std::unique_ptr<HttpExchange> exchange_;
  bool is_finished_ = false;
};

}  // namespace

Result<Response> Pipeline::send(const UnsignedRequest& request, const Call& call,
                                HttpResponseHead* last_head) const {
  return BlockingDriver(shared_, request, call, last_head).run();
}

}  // namespace llm::bedrock
