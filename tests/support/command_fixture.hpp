#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/command.hpp"
#include "tests/support/temporary_directory.hpp"

namespace llm::test_support {

/// Runs the command in an empty home directory.
class CommandTest : public ::testing::Test {
 protected:
  Finished bedrock(std::vector<std::string> words, std::string input = {}) {
    words.insert(words.begin(), BEDROCK_COMMAND);
    std::map<std::string, std::string> environment = {{"HOME", home_.path().string()},
                                                      {"PATH", "/usr/bin:/bin"},
                                                      {"AWS_EC2_METADATA_DISABLED", "true"}};
    environment.insert(variables_.begin(), variables_.end());
    return run({.words = std::move(words),
                .environment = std::move(environment),
                .input = std::move(input)});
  }

  std::string file(const std::string& name, const std::string& content) {
    const auto path = home_.path() / name;
    write_file(path, content);
    return path.string();
  }

  TemporaryDirectory home_;
  std::map<std::string, std::string> variables_;
};

}  // namespace llm::test_support
