#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <llm/aws/credentials.hpp>
#include <llm/error.hpp>
#include <llm/testing.hpp>

#include "aws/credentials/context.hpp"
#include "aws/credentials/sources.hpp"
#include "tests/support/scripted_system.hpp"

namespace llm::test_support {

/// Part of every secret in these tests; no message may show it.
inline constexpr std::string_view kMarker = "M4RK3R-secret";

/// A scripted fixture for sources of credentials: home `/home/u`, profile `dev`, region
/// `eu-west-1`, empty shared files.
struct CredentialFixture {
  CredentialFixture();

  /// The next response of the network.
  void respond(int status, std::string body, std::vector<HttpHeader> headers = {});
  /// No response instead.
  void lose(ErrorCode code);

  /// The n-th request, from 0. Requires: it was sent.
  [[nodiscard]] HttpRequest request(std::size_t index) const;
  [[nodiscard]] std::size_t request_count() const { return transport->requests().size(); }

  std::shared_ptr<port::ScriptedSystem> system;
  std::shared_ptr<testing::ScriptedTransport> transport;
  aws::SourceContext context;
};

/// The value of a header of a request, or `(none)`.
[[nodiscard]] std::string header(const HttpRequest& request, std::string_view name);
/// The body of a request, or empty.
[[nodiscard]] std::string body(const HttpRequest& request);

/// The credentials of a lookup that should find some. If it does not, they are empty, and `source`
/// has the reason.
[[nodiscard]] aws::Credentials found(const aws::ProviderPtr& source);
/// The reason of a lookup that should find nothing, or what it found.
[[nodiscard]] std::string reason_not_configured(const aws::ProviderPtr& source);
/// The error of a lookup that should fail; `internal_error` when it does not.
[[nodiscard]] Error failure(const aws::ProviderPtr& source);

/// All texts of an error.
[[nodiscard]] std::string all_text(const Error& error);

}  // namespace llm::test_support
