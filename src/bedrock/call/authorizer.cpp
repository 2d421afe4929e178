#include "bedrock/call/authorizer.hpp"

#include <functional>
#include <mutex>
#include <string>
#include <utility>

#include "aws/protocol/sign_request.hpp"

namespace llm::bedrock {
namespace {

Result<std::optional<ApiKeyVersion>> add_key(const Secret& key, ApiKeyVersion version,
                                             HttpRequest& http) {
  http.headers.push_back({"authorization", "Bearer " + std::string(key.reveal())});
  if (auto checked = aws::check_headers(http.headers); !checked) {
    return std::unexpected(std::move(checked.error()));
  }
  return version;
}

auto lookup_job(std::shared_ptr<const aws::CredentialsProvider> credentials) {
  return [credentials = std::move(credentials)](std::stop_token stop) {
    Authorizer::Lookups::Outcome outcome{credentials->lookup(std::move(stop))};
    const bool is_stopped = !outcome.result && outcome.result.error().code == ErrorCode::cancelled;
    if (is_stopped) outcome.sharing = aws::Sharing::unshared;
    return outcome;
  };
}

}  // namespace

/// The client's API key, and how its owner renews it.
struct Authorizer::ApiKey {
  ApiKey(Secret first, std::function<Result<Secret>()> renew)
      : renew_(std::move(renew)), key_(std::move(first)) {}

  [[nodiscard]] bool is_renewable() const { return renew_ != nullptr; }

  [[nodiscard]] std::pair<Secret, ApiKeyVersion> current() const {
    const std::lock_guard lock(mutex_);
    return {key_, version_};
  }
  [[nodiscard]] bool is_newer_than(ApiKeyVersion refused) const {
    const std::lock_guard lock(mutex_);
    return version_ != refused;
  }

  /// Whether there is a newer key. A refusal by its owner leaves the key as it is.
  [[nodiscard]] bool renew(ApiKeyVersion refused) {
    if (is_newer_than(refused)) return true;
    Result<Secret> renewed = renew_();
    if (!renewed || renewed->empty()) return false;
    const std::lock_guard lock(mutex_);
    key_ = std::move(*renewed);
    ++version_;
    return true;
  }

 private:
  std::function<Result<Secret>()> renew_;
  mutable std::mutex mutex_;  ///< Not held while the owner is asked.
  Secret key_;
  ApiKeyVersion version_ = 1;
};

Authorizer::Authorizer(const AuthSource& source, std::shared_ptr<LookupPool> pool)
    : credentials_(source.credentials), pool_(std::move(pool)) {
  if (source.api_key.empty()) return;
  api_key_ = std::make_shared<ApiKey>(source.api_key, source.renew_api_key);
}

Authorizer::~Authorizer() = default;

bool Authorizer::uses_api_key(const CallOptions& options) const {
  return has_own_key(options) || api_key_ != nullptr;
}

Result<std::optional<ApiKeyVersion>> Authorizer::add_api_key(HttpRequest& http,
                                                             const CallOptions& options) const {
  if (has_own_key(options)) return add_key(*options.api_key, 0, http);
  if (api_key_ == nullptr) return std::nullopt;
  const auto [key, version] = api_key_->current();
  return add_key(key, version, http);
}

Result<void> Authorizer::sign(HttpRequest& http, const aws::UrlParts& url,
                              const aws::Credentials& credentials, std::string_view region,
                              std::string_view service, base::TimePoint now) const {
  return signer_.sign(http, url, credentials, region, service, now);
}

Result<aws::CredentialsLookup> Authorizer::look_up(std::string_view subject,
                                                   const Call& call) const {
  if (!call.deadline) return credentials_->lookup(call.options.stop);
  if (auto found = try_look_up()) return std::move(*found);
  return lookups_.get_on(on_pool(*pool_), {}, call.limits(subject), lookup_job(credentials_));
}

Authorizer::Lookups::Joined Authorizer::join_look_up() const {
  return lookups_.join(on_pool(*pool_), {}, lookup_job(credentials_));
}

std::optional<bool> Authorizer::try_renewed(ApiKeyVersion refused,
                                            const CallOptions& options) const {
  if (has_own_key(options) || api_key_ == nullptr || !api_key_->is_renewable()) return false;
  if (api_key_->is_newer_than(refused)) return true;
  return std::nullopt;
}

auto Authorizer::renewal_job(ApiKeyVersion refused) const {
  return [key = api_key_, refused](const std::stop_token&) {
    return Renewals::Outcome{key->renew(refused)};
  };
}

Result<bool> Authorizer::renew_api_key(ApiKeyVersion refused, std::string_view subject,
                                       const Call& call) const {
  if (const auto known = try_renewed(refused, call.options)) return *known;
  const auto renew = renewal_job(refused);
  const aws::WaitLimits limits = call.limits(subject);
  if (!limits.deadline && !limits.stop.stop_possible()) {
    return renewals_.get(refused, limits, [&renew] { return renew({}); });
  }
  return renewals_.get_on(on_pool(*pool_), refused, limits, renew);
}

Authorizer::Renewals::Joined Authorizer::join_renewal(ApiKeyVersion refused) const {
  return renewals_.join(on_pool(*pool_), refused, renewal_job(refused));
}

Error missing_credentials(const aws::NotConfigured& not_configured) {
  std::string message = "No AWS credentials were found.\n" + not_configured.reason;
  if (!message.ends_with('.')) message += '.';
  return make_error(ErrorCode::authentication_error, std::move(message),
                    "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE, or "
                    "AWS_BEARER_TOKEN_BEDROCK.");
}

}  // namespace llm::bedrock
