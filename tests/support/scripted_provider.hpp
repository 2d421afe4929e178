#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include <llm/aws/credentials.hpp>

namespace llm::aws {

/// A source of credentials for tests: each lookup is what `answer` gives.
class ScriptedProvider final : public CredentialsProvider {
 public:
  using Answer = std::function<Result<CredentialsLookup>(std::stop_token)>;

  ScriptedProvider(std::string name, Answer answer)
      : name_(std::move(name)), answer_(std::move(answer)) {}

  std::string_view name() const override { return name_; }
  Result<CredentialsLookup> lookup(std::stop_token stop) const override {
    return answer_(std::move(stop));
  }

 private:
  std::string name_;
  Answer answer_;
};

/// A `ScriptedProvider` that always gives the same.
[[nodiscard]] inline std::shared_ptr<const CredentialsProvider> provider_of(
    std::string name, Result<CredentialsLookup> answer) {
  return std::make_shared<ScriptedProvider>(std::move(name),
                                            [answer](std::stop_token) { return answer; });
}

}  // namespace llm::aws
