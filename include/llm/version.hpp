#pragma once

#include <string_view>

#include <llm/cxx23.hpp>

namespace llm {

/// The version of these headers.
inline constexpr std::string_view kVersion = "0.1.0";
/// Its first number. Another one may break programs; while it is 0, so may another second number.
inline constexpr int kVersionMajor = 0;
/// Its second number.
inline constexpr int kVersionMinor = 1;
/// Its third number. It changes for corrections only.
inline constexpr int kVersionPatch = 0;

/// The version of the library that the program runs with: with the shared one, not always kVersion.
[[nodiscard]] std::string_view version();

}  // namespace llm
