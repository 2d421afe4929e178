#pragma once

#include <memory>
#include <optional>
#include <string>

#include <llm/transport.hpp>

#include "http/curl_transfer.hpp"
#include "http/loop_multi.hpp"
#include "loop/core.hpp"
#include "loop/exchange.hpp"

namespace llm::http {

/// One request and its response on a LoopMulti.
///
/// libcurl appends the body to received_; try_read() swaps it with reading_ and returns a view of
/// that. If the consumer does not come back, received_ fills up, libcurl pauses, and the kernel
/// slows the server down; meanwhile the idle limit does not count.
class LoopExchange final : public loop::AsyncExchange, private CurlTransfer::Listener {
 public:
  LoopExchange(std::shared_ptr<LoopMulti> multi, std::shared_ptr<const Target> target,
               const HttpRequest& request);
  ~LoopExchange() override;

  [[nodiscard]] Result<bool> has_head() override;
  [[nodiscard]] const HttpResponseHead& head() const override { return transfer_.head(); }
  [[nodiscard]] Result<std::optional<std::string_view>> try_read() override;
  void on_progress(Callback<void()> progress) override { progress_ = std::move(progress); }

  // For LoopMulti.
  [[nodiscard]] EasyHandle& handle() { return *handle_; }
  [[nodiscard]] CurlTransfer& transfer() { return transfer_; }
  /// Looks at the transfer soon, in a job.
  void touch() { job_.schedule(); }
  void fail(Error error);
  void end_with_loop();

  bool is_waiting = false;       ///< For its turn to connect.
  bool is_connecting = false;    ///< Counts for the limit of connects.
  std::size_t place = kNoPlace;  ///< Among those that run.
  static constexpr std::size_t kNoPlace = static_cast<std::size_t>(-1);

 private:
  void on_arrival() override { job_.schedule(); }
  void look();
  void check_limits();
  void arm();

  std::shared_ptr<LoopMulti> multi_;
  std::string origin_;
  Route route_;
  std::unique_ptr<EasyHandle> handle_;
  std::string received_;
  std::string reading_;
  CurlTransfer transfer_;
  std::optional<Error> failure_;
  Callback<void()> progress_;
  loop::Job job_;
  loop::Timer limit_;
};

}  // namespace llm::http
