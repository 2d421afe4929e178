#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <variant>

#include <llm/aws/credentials.hpp>
#include <llm/error.hpp>
#include <llm/transport.hpp>

#include "aws/signer.hpp"
#include "aws/single_flight.hpp"
#include "base/time.hpp"
#include "bedrock/call/auth_source.hpp"
#include "bedrock/call/call.hpp"
#include "bedrock/call/lookup_pool.hpp"
#include "bedrock/call/unsigned_request.hpp"

namespace llm::bedrock {

/// Which of a client's API keys: it counts the renewals.
using ApiKeyVersion = unsigned;

/// Signs requests, or puts an API key into them. The deadline and the stop of a call hold for
/// credentials and keys that have to be waited for, even where their source takes no notice: such a
/// lookup runs on the pool, once for all calls that need it. Const members are safe from many
/// threads.
class Authorizer {
 public:
  Authorizer(const AuthSource& source, std::shared_ptr<LookupPool> pool);
  Authorizer(const Authorizer&) = delete;
  Authorizer& operator=(const Authorizer&) = delete;
  ~Authorizer();

  /// Whether the call is made with an API key: its own, else the client's.
  [[nodiscard]] bool uses_api_key(const CallOptions& options) const;

  /// Puts an API key into the request, where there is one: the version of the client's key, 0 for
  /// the call's own. Nullopt: the request needs a signature.
  /// Errors: configuration_error for a control byte in a header.
  [[nodiscard]] Result<std::optional<ApiKeyVersion>> add_api_key(HttpRequest& http,
                                                                 const CallOptions& options) const;

  /// Signs a request, whose URL has the parts `url`, for a service (`bedrock`).
  /// Errors: configuration_error for a control byte in a header.
  [[nodiscard]] Result<void> sign(HttpRequest& http, const aws::UrlParts& url,
                                  const aws::Credentials& credentials, std::string_view region,
                                  std::string_view service, base::TimePoint now) const;

  /// The client's credentials. `subject` is for messages.
  /// Errors: those of the source; timeout_error; cancelled; internal_error when it throws.
  [[nodiscard]] Result<aws::CredentialsLookup> look_up(std::string_view subject,
                                                       const Call& call) const;
  /// The same if that needs no waiting; else nullopt.
  [[nodiscard]] std::optional<aws::CredentialsLookup> try_look_up() const {
    return credentials_->try_lookup();
  }
  using Lookups = aws::SingleFlight<std::monostate, aws::CredentialsLookup>;
  /// Joins the lookup that is on its way, or begins one on the pool.
  [[nodiscard]] Lookups::Joined join_look_up() const;

  /// Whether there is another key after the service has refused that version: another call may have
  /// renewed it, else its owner is asked, once for all calls that wait for it.
  /// Errors: timeout_error; cancelled; internal_error when `renew_api_key` throws.
  [[nodiscard]] Result<bool> renew_api_key(ApiKeyVersion refused, std::string_view subject,
                                           const Call& call) const;
  using Renewals = aws::SingleFlight<ApiKeyVersion, bool>;
  /// The same where it is known without asking; else nullopt.
  [[nodiscard]] std::optional<bool> try_renewed(ApiKeyVersion refused,
                                                const CallOptions& options) const;
  /// Joins the renewal that is on its way, or begins one on the pool.
  [[nodiscard]] Renewals::Joined join_renewal(ApiKeyVersion refused) const;

 private:
  struct ApiKey;

  [[nodiscard]] auto renewal_job(ApiKeyVersion refused) const;

  std::shared_ptr<const aws::CredentialsProvider> credentials_;
  std::shared_ptr<ApiKey> api_key_;  ///< Null: the client has none. A renewal holds it too.
  std::shared_ptr<LookupPool> pool_;
  aws::Signer signer_;
  Lookups lookups_;
  Renewals renewals_;
};

/// The error of a call that finds no credentials; `not_configured` names every source that was
/// tried.
[[nodiscard]] Error missing_credentials(const aws::NotConfigured& not_configured);

}  // namespace llm::bedrock
