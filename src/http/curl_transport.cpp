#include "http/curl_transport.hpp"

#include <curl/curl.h>

#include <utility>

#include "http/curl_exchange.hpp"
#include "http/target.hpp"
#include "http/transfer_error.hpp"
#include "http/transport_core.hpp"

namespace llm::http {
namespace {

class CurlTransport final : public Transport {
 public:
  explicit CurlTransport(CurlOptions options)
      : core_(std::make_shared<TransportCore>(std::move(options))) {}

  [[nodiscard]] Result<std::unique_ptr<HttpExchange>> send(const HttpRequest& request,
                                                           std::stop_token stop) const override {
    auto target = core_->targets.find(request.url);
    if (!target) return std::unexpected(target.error());
    if (auto checked = check_head(request); !checked) return std::unexpected(checked.error());
    // Before taking handles: a request that never starts must not cost a connection.
    if (stop.stop_requested()) return std::unexpected(cancelled_error((*target)->host));

    auto exchange =
        std::make_unique<CurlExchange>(core_, *std::move(target), request, std::move(stop));
    if (auto started = exchange->start(request); !started) {
      return std::unexpected(started.error());
    }
    return exchange;
  }

  [[nodiscard]] const std::shared_ptr<TransportCore>& core() const { return core_; }

 private:
  /// Shared with the exchanges, which may outlive the transport.
  std::shared_ptr<TransportCore> core_;
};

}  // namespace

std::shared_ptr<const Transport> curl_transport(CurlOptions options) {
  // Once per process and never undone: other code in the process may use libcurl too.
  static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
  static_cast<void>(initialised);
  return std::make_shared<const CurlTransport>(std::move(options));
}

std::shared_ptr<TransportCore> core_of(const Transport& transport) {
  const auto* const curl = dynamic_cast<const CurlTransport*>(&transport);
  return curl != nullptr ? curl->core() : nullptr;
}

}  // namespace llm::http
