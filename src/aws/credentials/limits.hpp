#pragma once

#include <chrono>
#include <cstddef>

namespace llm::aws {

/// Longest file of a token or a cached session that is read.
inline constexpr std::size_t kMaxCredentialFileBytes = 64 * 1024;

/// Longest wait for the whole answer of STS, IAM Identity Center or a token endpoint.
inline constexpr std::chrono::milliseconds kCredentialResponseTime{10'000};

}  // namespace llm::aws
