#pragma once

#include <atomic>
#include <coroutine>
#include <memory>
#include <optional>
#include <stop_token>

#include <llm/async_client.hpp>
#include <llm/async_provider.hpp>
#include <llm/stream.hpp>

#include "loop/core.hpp"
#include "port/fork.hpp"

namespace llm::async_parts {

/// A stream on a loop, as its reader sees it: the source's events, or the end that somebody else
/// has given it. Read by one reader: a coroutine, or `read_with`.
class StreamState final : public Control,
                          public loop::Ending,
                          public std::enable_shared_from_this<StreamState> {
 public:
  explicit StreamState(loop::Core& core);

  /// Requires: called once, before anything else.
  void start(std::unique_ptr<AsyncStreamSource> source, std::stop_token stop);
  /// Instead of `start`: the error is the only event.
  void fail(Error error) { end_ = std::move(error); }
  /// Calls the handler with every event, and keeps this alive until the last one.
  void read_with(StreamHandler handler);
  /// The reader is gone: closes the connection.
  void drop();

  /// The next event that is there, or null.
  [[nodiscard]] const StreamEvent* try_next();
  [[nodiscard]] bool is_over() const { return is_over_; }
  /// Resumes this awaitable when there is an event; null: none.
  void wait(AsyncChatStream::NextAwaitable* awaitable) { awaitable_ = awaitable; }

  void cancel() override;
  void resume() override;
  void end_with_loop() override;

 private:
  struct Cancel {
    std::weak_ptr<StreamState> weak;
    void operator()() const;
  };

  void wake();
  void deliver();
  void deliver_later();
  void end(Error error);
  void report(const StreamEvent& last);
  void release();

  port::ProcessMark process_;
  std::optional<loop::OpenWork> open_;
  std::shared_ptr<loop::Remote> remote_;
  std::unique_ptr<AsyncStreamSource> source_;
  std::optional<StreamEvent> end_;  ///< Instead of the source's; its connection is closed.
  bool is_over_ = false;            ///< The last event has been handed out.
  AsyncChatStream::NextAwaitable* awaitable_ = nullptr;
  std::optional<StreamHandler> handler_;
  bool is_paused_ = false;
  bool has_delivered_ = false;  ///< Its first event.
  std::atomic<bool> is_cancelled_ = false;
  std::optional<std::stop_callback<Cancel>> on_stop_;
  std::shared_ptr<StreamState> self_;  ///< While a handler reads.
  loop::Job job_;
};

}  // namespace llm::async_parts
