#pragma once

namespace llm::test_support {

/// Counts the objects that are alive.
struct Alive {
  explicit Alive(int& count) : count_(count) { ++count_; }
  Alive(const Alive&) = delete;
  Alive& operator=(const Alive&) = delete;
  ~Alive() { --count_; }
  int& count_;
};

}  // namespace llm::test_support
