#pragma once

#include <chrono>
#include <string>

namespace llm::test_support {

/// A certificate and its key in PEM.
struct KeyPair {
  std::string certificate_pem{};
  std::string key_pem{};
};

/// A certificate that has signed itself, good for two hours, the last of which ends `left` from
/// now. Who trusts it can verify it. `names` as OpenSSL writes a subjectAltName, for example
/// `IP:127.0.0.1`.
[[nodiscard]] KeyPair self_signed(const std::string& names,
                                  std::chrono::seconds left = std::chrono::hours(1));

}  // namespace llm::test_support
