// A loop in a process that has hardly any descriptors left.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "tests/support/async_client_fixture.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/sanitizers.hpp"

namespace llm {
namespace {

constexpr std::size_t kStreams = 64;
constexpr rlim_t kDescriptorsLeft = 16;

void limit_descriptors(rlim_t count) {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = std::min(count, limit.rlim_max);
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

// The limit on descriptors that leaves `count` to open.
rlim_t limit_that_leaves(rlim_t count) {
  rlim_t limit = 0;
  for (rlim_t left = count; left > 0; ++limit) {
    if (::fcntl(static_cast<int>(limit), F_GETFD) < 0) --left;
  }
  return limit;
}

class FewDescriptorsOnLoop : public AsyncClientTest {
 protected:
  // What happens to many streams in a process of their own, in words.
  std::string report_of_streams() {
    const auto loop = *EventLoop::create();
    const AsyncClient client(client_of(server_.url(), {.max_retries = 0}), *loop);
    limit_descriptors(limit_that_leaves(kDescriptorsLeft));
    std::vector<Seen> seen(kStreams);
    for (Seen& one : seen) client.stream_chat_completion(question(), {}, handler(one));
    loop->run();

    limit_descriptors(RLIM_INFINITY);
    Seen next;
    client.stream_chat_completion(question(), {}, handler(next));
    loop->run();

    std::set<std::string> errors;
    std::size_t completed = 0;
    for (const Seen& one : seen) {
      if (one.ends != 1) return "a stream had " + std::to_string(one.ends) + " ends";
      if (*one.end) {
        ++completed;
      } else {
        errors.insert(std::string(to_string(one.end->error().code)) + ": " +
                      one.end->error().message);
      }
    }
    std::string report = completed > 0 && completed < kStreams ? "some completed" : "all or none";
    for (const std::string& error : errors) report += "; " + error;
    return report + (next.end && *next.end ? "; then one completed" : "; then none completed");
  }
};

TEST_F(FewDescriptorsOnLoop, end_each_call_that_finds_none_and_no_other) {
  if (test_support::kChecksThreads) GTEST_SKIP() << test_support::kForkIsNotFollowed;
  if (test_support::kChecksDynamicTypes) {
    GTEST_SKIP() << "UndefinedBehaviorSanitizer itself needs descriptors";
  }
  test_support::ChildProcess child([this] { return report_of_streams(); });

  EXPECT_EQ(child.report(),
            "some completed; connection_error: No file descriptor is left for a connection to "
            "127.0.0.1:" +
                std::to_string(server_.port()) + ".; then one completed");
}

}  // namespace
}  // namespace llm
