// A process that forks with clients, streams and loops open.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include <llm/async_tool_loop.hpp>
#include <llm/llm.hpp>

#include "http/curl_transport.hpp"
#include "tests/support/async_client_fixture.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/gated_transport.hpp"
#include "tests/support/sanitizers.hpp"
#include "tests/support/temporary_directory.hpp"

namespace llm {
namespace {

using std::chrono::milliseconds;
using test_support::ChildProcess;

constexpr auto kClientRefused = "This client was in use when the process forked.";
constexpr auto kLoopRefused = "An event loop belongs to the process that made it.";

#define SKIP_WITH_THREAD_SANITIZER() \
  if (test_support::kChecksThreads) GTEST_SKIP() << test_support::kForkIsNotFollowed

local::Rule answer(std::string prompt, std::string text) {
  return {.match = {.prompt = std::move(prompt)}, .completion = {{.text = std::move(text)}}};
}

std::string text_of(const Result<ChatResponse>& response) {
  return response ? response->text() : response.error().message;
}

/// The text and the end of a stream.
template <typename Stream>
std::string rest_of(Stream& stream) {
  std::string rest;
  for (const StreamEvent& event : stream) {
    if (event.is_delta()) rest += event.delta().text();
    if (event.is_done()) rest += "[done]";
    if (event.is_error()) rest += "[" + event.error().message + "]";
  }
  return rest;
}

/// A client of a server in this process, by TLS or not.
class ForkTest : public ::testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    SKIP_WITH_THREAD_SANITIZER();
    server_.emplace(
        *local::Server::start({.pace = milliseconds(5), .self_signed_tls = GetParam()}));
    server_->add_rule(answer("parent", "For the parent."));
    server_->add_rule(answer("child", "For the child."));
    bedrock::Options options;
    if (GetParam()) {
      test_support::write_file(folder_.path() / "bundle.pem", server_->certificate());
      options.transport = http::curl_transport(
          {.ca_bundle = (folder_.path() / "bundle.pem").string(), .user_agent = {}});
    }
    client_.emplace(client_of(server_->url(), std::move(options)));
  }

  std::string ask(const std::string& question_text) {
    return text_of(client_->chat_completion(question(question_text)));
  }
  /// "right", or the first wrong response.
  std::string ask_often(const std::string& question_text, const std::string& expected) {
    constexpr int kCalls = 100;
    for (int i = 0; i < kCalls; ++i) {
      const std::string text = ask(question_text);
      if (text != expected) return text;
    }
    return "right";
  }
  [[nodiscard]] std::uint64_t connections() const { return server_->counts().connections; }

  test_support::TemporaryDirectory folder_;
  std::optional<local::Server> server_;
  std::optional<Client> client_;
};

INSTANTIATE_TEST_SUITE_P(Transports, ForkTest, ::testing::Bool(),
                         [](const auto& row) { return row.param ? "tls" : "plain"; });

TEST_P(ForkTest, gives_each_process_the_answers_to_its_own_requests) {
  ASSERT_EQ(ask("parent"), "For the parent.");

  ChildProcess child([this] { return ask_often("child", "For the child."); });

  EXPECT_EQ(ask_often("parent", "For the parent."), "right");
  EXPECT_EQ(child.report(), "right");
  EXPECT_EQ(connections(), 2U);
}

TEST_P(ForkTest, leaves_the_parents_connection_open_when_the_child_drops_it) {
  ASSERT_EQ(ask("parent"), "For the parent.");

  ChildProcess child([this] {
    client_.reset();
    return std::string("destroyed");
  });

  EXPECT_EQ(child.report(), "destroyed");
  EXPECT_EQ(ask("parent"), "For the parent.");
  EXPECT_EQ(connections(), 1U);
}

TEST_P(ForkTest, closes_the_childs_copy_of_a_connection_that_it_drops) {
  ASSERT_EQ(ask("parent"), "For the parent.");

  ChildProcess child([this] {
    const int before = ::dup(0);
    static_cast<void>(::close(before));
    client_.reset();
    const int after = ::dup(0);
    return std::string(after < before ? "lower" : "the same");
  });

  EXPECT_EQ(child.report(), "lower");
}

TEST_P(ForkTest, ends_a_stream_of_the_parent_in_the_child_alone) {
  const std::string text(200, 'x');
  server_->add_rule(answer("long", text));
  ChatStream stream = client_->stream_chat_completion(question("long"));
  ASSERT_NE(stream.begin(), stream.end());

  ChildProcess child([&] {
    const std::string rest = rest_of(stream);
    {
      const ChatStream own = std::move(stream);
    }
    const std::string next = ask("child");
    client_.reset();
    return rest.substr(rest.find('[')) + " " + next;
  });

  EXPECT_THAT(child.report(),
              ::testing::HasSubstr("belongs to the process that sent the request.] " +
                                   std::string(kClientRefused)));
  EXPECT_THAT(rest_of(stream), ::testing::EndsWith("[done]"));
  EXPECT_EQ(ask("parent"), "For the parent.");
  EXPECT_EQ(connections(), 1U);
}

std::string checks_of(const HealthReport& report) {
  for (const HealthCheck& check : report.checks) {
    if (check.status == HealthStatus::fail) return check.message;
  }
  return "none failed";
}

/// What every kind of call of a client gives, if it is the same.
std::string outcome_of_every_call(const Client& client) {
  const std::string first = text_of(client.chat_completion(question()));
  ChatStream stream = client.stream_chat_completion(question());
  const auto count = client.count_tokens(question());
  const auto embedding = client.embed({.inputs = {"text"}});
  const bool is_same = rest_of(stream) == "[" + first + "]" && !count &&
                       count.error().message == first && !embedding &&
                       embedding.error().message == first && checks_of(client.health()) == first;
  return is_same ? first : "not the same";
}

TEST(ForkOfClient, refuses_one_that_another_thread_was_using) {
  SKIP_WITH_THREAD_SANITIZER();
  const auto transport = std::make_shared<test_support::GatedTransport>();
  std::optional client(client_of("http://127.0.0.1:1", {.max_retries = 0, .transport = transport}));
  std::jthread caller([&] { static_cast<void>(client->chat_completion(question())); });
  transport->asked.wait(false);

  ChildProcess child([&] {
    const std::string outcome = outcome_of_every_call(*client);
    client.reset();
    return outcome;
  });

  EXPECT_EQ(child.report(), kClientRefused);
  transport->open();
}

/// Looks up until it may end, whatever its caller does.
class SlowCredentials final : public aws::CredentialsProvider {
 public:
  [[nodiscard]] std::string_view name() const override { return "slow"; }
  [[nodiscard]] Result<aws::CredentialsLookup> lookup(std::stop_token) const override {
    may_end.wait(false);
    return aws::Credentials{.access_key_id = "local", .secret_access_key = Secret("local")};
  }

  std::atomic_flag may_end;
};

class ForkOfLookups : public ::testing::Test {
 protected:
  void SetUp() override { SKIP_WITH_THREAD_SANITIZER(); }
  ~ForkOfLookups() override { end_lookups(); }

  void end_lookups() {
    credentials_->may_end.test_and_set();
    credentials_->may_end.notify_all();
  }

  std::string ask(std::chrono::milliseconds timeout) {
    return text_of(client_.chat_completion(question(), {.timeout = timeout}));
  }

  static Client client_with(const std::string& url,
                            std::shared_ptr<const aws::CredentialsProvider> credentials) {
    bedrock::Options options = test_support::options_at(url, {.model = kModel});
    options.credentials = std::move(credentials);
    return *bedrock::create_client(std::move(options));
  }

  local::Server server_ = *local::Server::start();
  std::shared_ptr<SlowCredentials> credentials_ = std::make_shared<SlowCredentials>();
  Client client_ = client_with(server_.url(), credentials_);
};

TEST_F(ForkOfLookups, refuses_a_client_whose_lookup_has_outlasted_its_call) {
  ASSERT_THAT(ask(milliseconds(20)), ::testing::HasSubstr("20 ms"));

  ChildProcess child([this] { return ask(std::chrono::seconds(5)); });

  EXPECT_EQ(child.report(), kClientRefused);
}

TEST_F(ForkOfLookups, starts_threads_of_its_own_in_the_child) {
  end_lookups();
  const std::string text = ask(std::chrono::seconds(5));

  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(ask(std::chrono::seconds(5)), text);
    ChildProcess child([this] {
      std::string own = ask(std::chrono::seconds(5));
      Client(std::move(client_));
      return own;
    });
    EXPECT_EQ(child.report(), text);
  }
}

class ForkOfLoop : public AsyncClientTest {
 protected:
  void SetUp() override { SKIP_WITH_THREAD_SANITIZER(); }
};

TEST_F(ForkOfLoop, ends_every_call_of_the_child_at_once) {
  const auto outcome = [this] {
    std::string reports;
    const auto report = [&](const auto& result) {
      reports += !result && result.error().message == kLoopRefused ? "refused " : "? ";
    };
    client_->chat_completion(question(), {}, report).cancel();
    client_->count_tokens(question(), {}, report);
    client_->embed({.inputs = {"text"}}, {}, report);
    client_->health({}, report);
    client_->stream_chat_completion(question(), {}, {.on_event = {}, .on_end = report}).resume();
    const auto await_all = [&]() -> Task<void> {
      const auto response = co_await client_->chat_completion(question());
      report(response);
      AsyncChatStream stream = client_->stream_chat_completion(question());
      const auto collected = co_await stream.collect();
      report(collected);
      AsyncToolLoop tools;
      ChatRequest request = question();
      const auto run = co_await tools.run(*client_, request);
      report(run);
    };
    Task<void> task = await_all();
    task.start();
    return reports;
  };

  EXPECT_EQ(ChildProcess(outcome).report(),
            "refused refused refused refused refused refused refused refused ");
}

TEST_F(ForkOfLoop, goes_on_in_the_parent_alone) {
  Seen seen;
  Seen in_coroutine;
  client_->stream_chat_completion(question(), {}, handler(seen));
  std::optional<AsyncChatStream> open(client_->stream_chat_completion(question()));
  while (seen.events == 0) loop_->process();

  ChildProcess child([&] {
    loop_->post([] {});
    loop_->stop();
    loop_->run();
    if (loop_->process() || loop_->next_deadline()) return std::string("not idle");
    spawn(*loop_, [](Seen& out) -> Task<void> {
      ++out.events;
      co_return;
    }(in_coroutine));
    if (in_coroutine.events > 0) return std::string("ran a task");
    open.reset();
    client_.reset();
    loop_.reset();
    if (seen.ends > 0) return std::string("called back");
    return text_of(blocking_.chat_completion(question()));
  });

  EXPECT_EQ(child.report(), kClientRefused);
  open.reset();
  loop_->run();
  EXPECT_EQ(seen.ends, 1);
  EXPECT_TRUE(seen.end && *seen.end) << "the child has written to its connection";
}

TEST_F(ForkOfLoop, leaves_its_connections_to_the_parent) {
  std::string text;
  const auto ask = [&] {
    client_->chat_completion(question(), {},
                             [&](const auto& response) { text = text_of(response); });
    loop_->run();
    return text;
  };
  const std::string expected = ask();

  ChildProcess child([&] {
    client_.reset();
    loop_.reset();
    return text_of(blocking_.chat_completion(question()));
  });

  EXPECT_EQ(child.report(), expected);
  EXPECT_EQ(ask(), expected);
  EXPECT_EQ(server_.counts().connections, 2U);
}

}  // namespace
}  // namespace llm
