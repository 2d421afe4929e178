#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include <llm/aws/credentials.hpp>

namespace llm::aws {

/// A credential source for tests: each lookup returns the result of `lookup`.
class ScriptedProvider final : public CredentialsProvider {
 public:
  using Lookup = std::function<Result<CredentialsLookup>(std::stop_token)>;

  ScriptedProvider(std::string name, Lookup lookup)
      : name_(std::move(name)), lookup_(std::move(lookup)) {}

  std::string_view name() const override { return name_; }
  Result<CredentialsLookup> lookup(std::stop_token stop) const override {
    return lookup_(std::move(stop));
  }

 private:
  std::string name_;
  Lookup lookup_;
};

/// A `ScriptedProvider` that always returns the same.
[[nodiscard]] inline std::shared_ptr<const CredentialsProvider> provider_of(
    std::string name, Result<CredentialsLookup> result) {
  return std::make_shared<ScriptedProvider>(std::move(name),
                                            [result](std::stop_token) { return result; });
}

}  // namespace llm::aws
