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

/// Stands in every secret of these tests; no message may hold it.
inline constexpr std::string_view kMarker = "M4RK3R-secret";

/// A scripted world for sources of credentials: home `/home/u`, profile `dev`, region `eu-west-1`,
/// empty shared files.
struct CredentialWorld {
  CredentialWorld();

  /// The next answer of the network.
  void answer(int status, std::string body, std::vector<HttpHeader> headers = {});
  /// No answer instead.
  void lose(ErrorCode code);

  /// The n-th request, from 0. Requires: it was sent.
  [[nodiscard]] HttpRequest request(std::size_t index) const;
  [[nodiscard]] std::size_t request_count() const { return transport->requests().size(); }

  std::shared_ptr<port::ScriptedSystem> system;
  std::shared_ptr<testing::ScriptedTransport> transport;
  aws::SourceContext context;
};

/// What a header of a request says, or `(none)`.
[[nodiscard]] std::string header(const HttpRequest& request, std::string_view name);
/// The body of a request, or empty.
[[nodiscard]] std::string body(const HttpRequest& request);

/// The keys of a lookup that is to find some; when it does not, none, and `source` says why.
[[nodiscard]] aws::Credentials found(const aws::ProviderPtr& source);
/// The reason of a lookup that is to be absent, or what came instead.
[[nodiscard]] std::string absence(const aws::ProviderPtr& source);
/// The error of a lookup that is to fail; one with the code `internal_error` when it does not.
[[nodiscard]] Error failure(const aws::ProviderPtr& source);

/// Everything that an error says.
[[nodiscard]] std::string all_text(const Error& error);

}  // namespace llm::test_support
