#pragma once

#include <cstdint>

namespace llm::test_support {

/// A listening socket on a free port of 127.0.0.1; the caller closes it.
struct LoopbackListener {
  int socket = -1;
  std::uint16_t port = 0;
};

/// Throws: std::system_error.
[[nodiscard]] LoopbackListener listen_on_loopback();

}  // namespace llm::test_support
