#pragma once

#include <string_view>
#include <vector>

#include <llm/error.hpp>
#include <llm/secret.hpp>
#include <llm/transport.hpp>

namespace llm::bedrock {

/// The API key or session token that went out with a request, kept to be found in what comes back:
/// a service, or what pretends to be one, may quote what it was sent.
class SentSecrets {
 public:
  SentSecrets() = default;
  explicit SentSecrets(const HttpRequest& request);

  /// Also true of a text that was cut in the middle of one.
  [[nodiscard]] bool repeated_in(std::string_view text) const;

  /// Takes what repeats them out of an error that `operation` ended with.
  void hide(std::string_view operation, Error& error) const;

 private:
  std::vector<Secret> secrets_;
};

}  // namespace llm::bedrock
