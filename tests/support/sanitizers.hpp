#pragma once

// What the compiler has been told to check. clang says it by __has_feature, g++ by macros.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define BEDROCK_IS_SANITIZED 1
#endif
#ifdef __SANITIZE_THREAD__
#define BEDROCK_CHECKS_THREADS 1
#endif
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define BEDROCK_CHECKS_THREADS 1
#endif
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define BEDROCK_IS_SANITIZED 1
#endif
#if __has_feature(undefined_behavior_sanitizer)
#define BEDROCK_CHECKS_DYNAMIC_TYPES 1
#endif
#endif

namespace llm::test_support {

/// AddressSanitizer or ThreadSanitizer: several times slower.
#ifdef BEDROCK_IS_SANITIZED
inline constexpr bool kIsSanitized = true;
#else
inline constexpr bool kIsSanitized = false;
#endif

/// ThreadSanitizer.
#ifdef BEDROCK_CHECKS_THREADS
inline constexpr bool kChecksThreads = true;
#else
inline constexpr bool kChecksThreads = false;
#endif

/// UBSan's check of dynamic types, which opens a descriptor and fails where none is available.
#ifdef BEDROCK_CHECKS_DYNAMIC_TYPES
inline constexpr bool kChecksDynamicTypes = true;
#else
inline constexpr bool kChecksDynamicTypes = false;
#endif

/// Why tests that fork are skipped with it.
inline constexpr auto kForkIsNotFollowed =
    "ThreadSanitizer does not follow a fork of a process that has threads";

}  // namespace llm::test_support
