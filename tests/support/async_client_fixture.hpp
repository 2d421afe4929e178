#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <llm/async_client.hpp>
#include <llm/bedrock/client.hpp>
#include <llm/local/server.hpp>

#include "tests/support/client_options.hpp"

namespace llm {

inline const std::string kModel = "anthropic.claude-3-haiku-20240307-v1:0";

inline Client client_of(const std::string& url, bedrock::Options more = {}) {
  more.model = kModel;
  return *bedrock::create_client(test_support::options_at(url, std::move(more)));
}

inline ChatRequest question(std::string text = "Why is the sky blue?") {
  return {.messages = {Message::user(std::move(text))}};
}

/// How a stream ended, and what came before.
struct Seen {
  std::string text;
  int events = 0;
  int ends = 0;
  std::optional<Result<Done>> end;
};

class AsyncClientTest : public ::testing::Test {
 protected:
  StreamHandler handler(Seen& seen) {
    return {.on_event =
                [&seen](const StreamEvent& event) {
                  seen.text += event.delta().text();
                  ++seen.events;
                  return Flow::go_on;
                },
            .on_end =
                [&seen](Result<Done> end) {
                  ++seen.ends;
                  seen.end = std::move(end);
                }};
  }

  local::Server server_ = *local::Server::start();
  std::unique_ptr<EventLoop> loop_ = *EventLoop::create();
  Client blocking_ = client_of(server_.url());
  std::optional<AsyncClient> client_{std::in_place, blocking_, *loop_};
};

}  // namespace llm
