// Relays completions to browsers as server-sent events, on one thread; the body of a POST is the
// prompt. A browser that reads slowly slows its stream down, one that goes away cancels it.
#include <unistd.h>

#include <boost/asio.hpp>
#include <boost/beast.hpp>
#include <iostream>

#include <llm/async_client.hpp>
#include <llm/llm.hpp>

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

constexpr std::size_t kMaxUnsentBytes = 16 * 1024;

/// One browser. Lives as long as its stream runs or something waits for its socket.
class Session : public std::enable_shared_from_this<Session> {
 public:
  explicit Session(tcp::socket socket) : socket_(std::move(socket)) {}

  void start(llm::AsyncClient client) {
    const auto begin = [self = shared_from_this(), client](auto failed, std::size_t /*size*/) {
      if (!failed) self->relay(client);
    };
    http::async_read(socket_, received_, request_, begin);
  }

 private:
  void relay(const llm::AsyncClient& client) {
    unsent_ = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
    const auto on_event = [self = shared_from_this()](const llm::StreamEvent& event) {
      self->send(event);
      return self->unsent_.size() > kMaxUnsentBytes ? llm::Flow::pause : llm::Flow::go_on;
    };
    const auto on_end = [self = shared_from_this()](llm::Result<llm::Done> done) {
      std::cout << (done ? "completed" : to_string(done.error().code)) << std::endl;
      self->is_over_ = true;
      self->send(done ? llm::StreamEvent(*done) : llm::StreamEvent(done.error()));
    };
    const llm::CallHandle call = client.stream_chat_completion(
        {.messages = {llm::Message::user(request_.body())}, .max_tokens = 1000}, {},
        {.on_event = on_event, .on_end = on_end});
    call_ = call;
    // A browser sends nothing after its request: this ends when it goes away.
    socket_.async_wait(tcp::socket::wait_read,
                       [self = shared_from_this(), call](auto /*failed*/) { call.cancel(); });
  }

  void send(const llm::StreamEvent& event) {
    unsent_ += "data: " + to_json(event) + "\n\n";
    if (sent_.empty()) write();
  }

  void write() {
    sent_ = std::exchange(unsent_, {});
    if (sent_.empty() && is_over_) socket_.close();
    if (sent_.empty()) return;
    const auto written = [self = shared_from_this()](auto failed, std::size_t /*size*/) {
      if (failed) return self->call_->cancel();
      self->call_->resume();
      self->write();
    };
    asio::async_write(socket_, asio::buffer(sent_), written);
  }

  tcp::socket socket_;
  boost::beast::flat_buffer received_;
  http::request<http::string_body> request_;
  std::optional<llm::CallHandle> call_;
  std::string unsent_;
  std::string sent_;  ///< Being written; not empty after a failure, so that nothing follows.
  bool is_over_ = false;
};

asio::awaitable<void> accept(tcp::acceptor& acceptor, const llm::AsyncClient& client) {
  while (true) {
    std::make_shared<Session>(co_await acceptor.async_accept(asio::use_awaitable))->start(client);
  }
}

/// Lets Asio call the loop when it has something to do.
asio::awaitable<void> drive(llm::EventLoop& loop) {
  asio::posix::stream_descriptor ready(co_await asio::this_coro::executor,
                                       ::dup(loop.descriptor()));
  while (true) {
    co_await ready.async_wait(asio::posix::stream_descriptor::wait_read, asio::use_awaitable);
    loop.process();
  }
}

}  // namespace

int main() {
  const auto client = llm::create_client({
      .provider = "bedrock",
      .model = "us.anthropic.claude-haiku-4-5-20251001-v1:0",
      .extra = {{"region", "us-east-1"}},
  });
  asio::io_context context;
  const auto loop = llm::EventLoop::create();  // Destroyed first: it ends the streams.
  if (!client || !loop) {
    std::cerr << (client ? loop.error() : client.error()).message << '\n';
    return 1;
  }
  const llm::AsyncClient async(*client, **loop);
  tcp::acceptor acceptor(context, {asio::ip::address_v4::loopback(), 0});
  asio::co_spawn(context, drive(**loop), asio::detached);
  asio::co_spawn(context, accept(acceptor, async), asio::detached);
  asio::signal_set signals(context, SIGINT, SIGTERM);
  signals.async_wait([&context](auto...) { context.stop(); });
  std::cout << "listening on http://" << acceptor.local_endpoint() << '/' << std::endl;
  context.run();
}
