#pragma once

#include <string_view>
#include <vector>

#include <llm/error.hpp>
#include <llm/secret.hpp>
#include <llm/transport.hpp>

namespace llm::bedrock {

/// The API key or session token of a request, remembered to find it in what comes back: a service,
/// or whatever poses as one, may quote what it was sent.
class SentSecrets {
 public:
  SentSecrets() = default;
  explicit SentSecrets(const HttpRequest& request);

  /// Whether the text contains one of them, also when it was cut in the middle of it.
  [[nodiscard]] bool repeated_in(std::string_view text) const;

  /// Removes them from the error that `operation` failed with.
  void hide(std::string_view operation, Error& error) const;

 private:
  std::vector<Secret> secrets_;
};

}  // namespace llm::bedrock
