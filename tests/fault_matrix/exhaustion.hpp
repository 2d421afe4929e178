#pragma once

#include <sys/resource.h>

#include <vector>

namespace llm::fault_matrix {

/// Leaves this process with no free file descriptor while it lives.
class NoDescriptors {
 public:
  NoDescriptors();
  NoDescriptors(const NoDescriptors&) = delete;
  NoDescriptors& operator=(const NoDescriptors&) = delete;
  ~NoDescriptors();

 private:
  rlimit before_{};
  std::vector<int> taken_;
};

/// Makes one allocation of this thread by `new` fail while it lives: the `number`-th from now.
class FailingAllocation {
 public:
  explicit FailingAllocation(int number);
  FailingAllocation(const FailingAllocation&) = delete;
  FailingAllocation& operator=(const FailingAllocation&) = delete;
  ~FailingAllocation();
};

}  // namespace llm::fault_matrix
