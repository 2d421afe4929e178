#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "port/descriptor.hpp"
#include "port/process.hpp"
#include "port/system.hpp"
#include "tests/support/temporary_directory.hpp"

namespace llm::port {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

TEST(RunShell, ends_at_once_when_it_is_cancelled) {
  const test_support::TemporaryDirectory folder;
  const auto fifo = folder.path() / "fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  std::stop_source stop;
  steady_clock::time_point stopped_at;
  std::jthread stopper([&] {
    // Opening waits until the command runs.
    const Descriptor running(::open(fifo.c_str(), O_RDONLY | O_CLOEXEC));
    stopped_at = steady_clock::now();
    stop.request_stop();
  });

  const auto result =
      run_shell_command("exec 3>" + fifo.string() + "; sleep 1000", {}, stop.get_token());
  const auto ended_at = steady_clock::now();
  stopper.join();

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::cancelled);
  EXPECT_LT(ended_at - stopped_at, 500ms);
}

TEST(RealSystem, wakes_from_sleep_when_it_is_stopped) {
  std::stop_source stop;
  std::jthread stopper([&] { stop.request_stop(); });

  EXPECT_FALSE(real_system()->sleep_for(1h, stop.get_token()));
}

}  // namespace
}  // namespace llm::port
