#pragma once

#include <sys/types.h>

#include <functional>
#include <string>

#include "port/descriptor.hpp"

namespace llm::test_support {

/// A child made by `fork`, in which only the forking thread goes on.
class ChildProcess {
 public:
  /// The child runs `work`, reports what it returns, and ends without destroying anything.
  explicit ChildProcess(const std::function<std::string()>& work);
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  /// Kills a child that has not ended.
  ~ChildProcess();

  /// The report, once the child has ended; "no report" of one that crashed, or that did not end
  /// within ten seconds. Called once.
  [[nodiscard]] std::string report();

 private:
  port::Descriptor report_;
  pid_t process_ = -1;
};

}  // namespace llm::test_support
