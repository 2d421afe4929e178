// Awaits a call in a coroutine of Boost.Asio, which drives the event loop.
#include <unistd.h>

#include <boost/asio.hpp>
#include <exception>
#include <iostream>

#include <llm/async_client.hpp>
#include <llm/llm.hpp>

namespace asio = boost::asio;

namespace {

/// Lets Asio call the loop when it has something to do, until the io_context is stopped.
asio::awaitable<void> drive(llm::EventLoop& loop) {
  // A descriptor of Asio's own, which it may close.
  asio::posix::stream_descriptor ready(co_await asio::this_coro::executor,
                                       ::dup(loop.descriptor()));
  while (true) {
    co_await ready.async_wait(asio::posix::stream_descriptor::wait_read, asio::use_awaitable);
    loop.process();
  }
}

/// Awaits a call; `start(done)` begins it. Cancelling the coroutine cancels the call.
template <typename Value, typename Start>
asio::awaitable<llm::Result<Value>> call(Start start) {
  const auto begin = [&start](auto handler) {
    auto slot = asio::get_associated_cancellation_slot(handler);
    const llm::CallHandle handle =
        start([handler = std::move(handler)](llm::Result<Value> result) mutable {
          const auto executor = asio::get_associated_executor(handler);
          asio::post(executor,
                     [handler = std::move(handler), result = std::move(result)]() mutable {
                       std::move(handler)(std::move(result));
                     });
        });
    if (slot.is_connected()) slot.assign([handle](auto /*type*/) { handle.cancel(); });
  };
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(llm::Result<Value>)>(
      begin, asio::use_awaitable);
}

/// Returns the exit code.
asio::awaitable<int> chat(llm::AsyncClient client) {
  const llm::ChatRequest request{.messages = {llm::Message::user("Why is the sky blue?")},
                                 .max_tokens = 300};
  const auto response = co_await call<llm::ChatResponse>([&client, &request](auto done) {
    return client.chat_completion(request, {}, std::move(done));
  });
  if (!response) {
    std::cerr << response.error().message << ' ' << response.error().advice << '\n';
    co_return 1;
  }
  std::cout << response->text() << "\n[completed]\n";
  co_return 0;
}

}  // namespace

int main() {
  const auto client = llm::create_client({
      .provider = "bedrock",
      .model = "us.anthropic.claude-haiku-4-5-20251001-v1:0",
      .extra = {{"region", "us-east-1"}},
  });
  const auto loop = llm::EventLoop::create();
  if (!client || !loop) {
    const llm::Error& error = client ? loop.error() : client.error();
    std::cerr << error.message << ' ' << error.advice << '\n';
    return 1;
  }
  asio::io_context context;
  asio::co_spawn(context, drive(**loop), asio::detached);
  int exit_code = 1;
  asio::co_spawn(context, chat(llm::AsyncClient(*client, **loop)),
                 [&context, &exit_code](const std::exception_ptr& thrown, int code) {
                   context.stop();
                   if (thrown) std::rethrow_exception(thrown);  // Leaves `run`.
                   exit_code = code;
                 });
  context.run();
  return exit_code;
}
