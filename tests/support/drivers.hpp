#pragma once

#include <string>

#include <gtest/gtest.h>

namespace llm::bedrock {

/// Who drives the machines of a call.
enum class DriverKind { blocking, loop };

/// For INSTANTIATE_TEST_SUITE_P.
inline std::string driver_name(const ::testing::TestParamInfo<DriverKind>& test) {
  return test.param == DriverKind::blocking ? "blocking" : "loop";
}

}  // namespace llm::bedrock
