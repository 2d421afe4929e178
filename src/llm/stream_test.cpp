#include <llm/stream.hpp>

#include <memory>
#include <ranges>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace llm {
namespace {

using testing::ElementsAre;

// What became of a source that a stream owned.
struct Observed {
  int calls = 0;
  bool destroyed = false;
};

// Gives prepared events in order.
class PreparedSource final : public StreamSource {
 public:
  PreparedSource(std::vector<StreamEvent> events, std::shared_ptr<Observed> observed)
      : events_(std::move(events)), observed_(std::move(observed)) {}
  ~PreparedSource() override { observed_->destroyed = true; }

  const StreamEvent* next() override {
    ++observed_->calls;
    if (next_ == events_.size()) return nullptr;
    return &events_[next_++];
  }

 private:
  std::vector<StreamEvent> events_;
  std::shared_ptr<Observed> observed_;
  std::size_t next_ = 0;
};

ChatStream stream_of(std::vector<StreamEvent> events,
                     std::shared_ptr<Observed> observed = std::make_shared<Observed>()) {
  return ChatStream(std::make_unique<PreparedSource>(std::move(events), std::move(observed)));
}

StreamEvent text(std::string content) { return Delta{0, TextDelta{std::move(content)}}; }

StreamEvent done() { return Done{.finish_reason = FinishReason::stop, .id = "msg"}; }

// What a user sees: one string for each event.
std::vector<std::string> seen(ChatStream& stream) {
  std::vector<std::string> words;
  for (const StreamEvent& event : stream) {
    if (event.is_delta()) words.emplace_back(event.delta().text());
    if (event.is_done()) words.emplace_back("<done>");
    if (event.is_error()) words.emplace_back(to_string(event.error().code));
  }
  return words;
}

static_assert(std::ranges::input_range<ChatStream>);

TEST(ChatStream, sends_nothing_before_begin) {
  const auto observed = std::make_shared<Observed>();

  ChatStream stream = stream_of({text("a"), done()}, observed);
  ChatStream moved = std::move(stream);

  EXPECT_EQ(observed->calls, 0);
  EXPECT_TRUE(moved.begin()->is_delta());
  EXPECT_EQ(observed->calls, 1);
}

TEST(ChatStream, yields_the_deltas_and_then_the_end) {
  ChatStream stream = stream_of({text("a"), text("b"), done()});

  EXPECT_THAT(seen(stream), ElementsAre("a", "b", "<done>"));
}

TEST(ChatStream, ends_with_one_error) {
  ChatStream stream = stream_of({text("a"), make_error(ErrorCode::server_error, "x"), text("b")});

  EXPECT_THAT(seen(stream), ElementsAre("a", "server_error"));
}

TEST(ChatStream, yields_nothing_after_the_end) {
  ChatStream stream = stream_of({done(), text("late"), done()});

  EXPECT_THAT(seen(stream), ElementsAre("<done>"));
  EXPECT_THAT(seen(stream), ElementsAre());
}

TEST(ChatStream, reports_a_source_that_stops_without_an_end) {
  ChatStream stream = stream_of({text("a")});

  EXPECT_THAT(seen(stream), ElementsAre("a", "stream_error"));
}

TEST(ChatStream, resumes_where_an_earlier_loop_stopped) {
  ChatStream stream = stream_of({text("a"), text("b"), done()});
  for (const StreamEvent& event : stream) {
    EXPECT_EQ(event.delta().text(), "a");
    break;
  }

  EXPECT_THAT(seen(stream), ElementsAre("a", "b", "<done>"));  // "a" was not passed yet
}

TEST(ChatStream, may_be_moved_while_it_is_read) {
  ChatStream at_a_delta = stream_of({text("a"), done()});
  at_a_delta.begin();
  ChatStream at_the_end = stream_of({done()});
  at_the_end.begin();

  ChatStream with_a_delta = std::move(at_a_delta);
  ChatStream with_the_end = std::move(at_the_end);

  EXPECT_THAT(seen(with_a_delta), ElementsAre("a", "<done>"));
  EXPECT_THAT(seen(with_the_end), ElementsAre("<done>"));
}

TEST(ChatStream, releases_its_source_at_the_end_and_when_destroyed) {
  const auto ended = std::make_shared<Observed>();
  const auto dropped = std::make_shared<Observed>();

  ChatStream stream = stream_of({text("a"), done()}, ended);
  (void)seen(stream);
  {
    ChatStream other = stream_of({text("a"), done()}, dropped);
  }

  EXPECT_TRUE(ended->destroyed);
  EXPECT_TRUE(dropped->destroyed);
}

TEST(ChatStreamCollect, returns_the_complete_response) {
  ChatStream stream = stream_of({text("a"), text("b"), done()});

  const auto response = stream.collect();

  ASSERT_TRUE(response);
  EXPECT_EQ(response->text(), "ab");
  EXPECT_EQ(response->id, "msg");
  EXPECT_EQ(response->choices.front().finish_reason, FinishReason::stop);
}

TEST(ChatStreamCollect, returns_the_complete_response_wherever_iteration_stopped) {
  for (int steps = 1; steps <= 4; ++steps) {
    ChatStream stream = stream_of({text("a"), text("b"), text("c"), done()});
    auto event = stream.begin();
    for (int i = 0; i < steps; ++i) ++event;

    const auto response = stream.collect();

    ASSERT_TRUE(response) << steps;
    EXPECT_EQ(response->text(), "abc") << steps;
  }
}

TEST(ChatStreamCollect, returns_the_same_again) {
  ChatStream stream = stream_of({text("a"), done()});

  const auto first = stream.collect();

  EXPECT_EQ(first, stream.collect());
}

TEST(ChatStreamCollect, returns_the_error_of_the_stream) {
  for (const bool iterate_first : {false, true}) {
    ChatStream stream = stream_of({text("a"), make_error(ErrorCode::timeout_error, "slow")});
    if (iterate_first) (void)seen(stream);

    const auto response = stream.collect();

    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().code, ErrorCode::timeout_error);
    EXPECT_EQ(response.error().message, "slow");
  }
}

TEST(ChatStreamCollect, reports_a_source_that_stops_without_an_end) {
  ChatStream stream = stream_of({text("a")});

  const auto response = stream.collect();

  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::stream_error);
}

TEST(Delta, has_text_when_it_is_text) {
  const Delta reasoning{0, ReasoningDelta{"hm"}};
  const Delta delta{0, TextDelta{"a"}};

  EXPECT_EQ(delta.text(), "a");
  EXPECT_EQ(reasoning.text(), "");
}

}  // namespace
}  // namespace llm
