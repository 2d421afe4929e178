#pragma once

#include <string>

namespace llm::test_support {

/// A new EC P-256 private key in PEM, in the form that `aws login` keeps (SEC1).
[[nodiscard]] std::string new_p256_key();

}  // namespace llm::test_support
