#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include <llm/testing.hpp>

namespace llm::test_support {

/// Where a file of a folder in tests/cases is.
[[nodiscard]] std::filesystem::path case_path(std::string_view folder, std::string_view name);

/// The content of such a file.
[[nodiscard]] std::string case_file(std::string_view folder, std::string_view name);

/// The response that a file of a case describes: `status` (200), `headers`, and `body`, or `frames`
/// of an event stream as pairs of type and payload. The type `chunk` is that of InvokeModel, a type
/// that begins with `!` that of an exception.
[[nodiscard]] testing::ScriptedResponse case_reply(std::string_view folder, std::string_view name);

}  // namespace llm::test_support
