#include "http/loop_transport.hpp"

#include <utility>

#include "http/curl_transport.hpp"
#include "http/loop_exchange.hpp"
#include "http/transfer_error.hpp"
#include "http/transport_core.hpp"

namespace llm::http {
namespace {

class LoopTransport final : public loop::AsyncTransport {
 public:
  LoopTransport(loop::Core& core, std::shared_ptr<TransportCore> transport)
      : multi_(std::make_shared<LoopMulti>(core, std::move(transport))) {}

  [[nodiscard]] Result<std::unique_ptr<loop::AsyncExchange>> start(
      const HttpRequest& request) override {
    auto target = multi_->transport().targets.find(request.url);
    if (!target) return std::unexpected(target.error());
    if (auto checked = check_head(request); !checked) return std::unexpected(checked.error());
    if (multi_->is_closed()) return std::unexpected(cancelled_error((*target)->host));
    return std::make_unique<LoopExchange>(multi_, *std::move(target), request);
  }

 private:
  std::shared_ptr<LoopMulti> multi_;  ///< Shared with the exchanges.
};

}  // namespace

std::unique_ptr<loop::AsyncTransport> loop_transport(const Transport& transport, loop::Core& core) {
  std::shared_ptr<TransportCore> curl = core_of(transport);
  if (curl == nullptr) return nullptr;
  return std::make_unique<LoopTransport>(core, std::move(curl));
}

}  // namespace llm::http
