#pragma once

#include <chrono>
#include <cstddef>

namespace llm::aws {

/// Largest token or cached session file that is read.
inline constexpr std::size_t kMaxCredentialFileBytes = 64 * 1024;

/// Time limit of a request to STS, IAM Identity Center or a token endpoint.
inline constexpr std::chrono::milliseconds kCredentialResponseTime{10'000};

}  // namespace llm::aws
