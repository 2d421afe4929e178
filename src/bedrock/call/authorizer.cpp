#include "bedrock/call/authorizer.hpp"

#include <functional>
#include <mutex>
#include <string>
#include <utility>

#include "aws/protocol/sign_request.hpp"

namespace llm::bedrock {
namespace {

constexpr std::string_view kService = "bedrock";

Result<ApiKeyVersion> add_api_key(const Secret& key, ApiKeyVersion version, HttpRequest& http) {
  http.headers.push_back({"authorization", "Bearer " + std::string(key.reveal())});
  if (auto checked = aws::check_headers(http.headers); !checked) {
    return std::unexpected(std::move(checked.error()));
  }
  return version;
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

Result<ApiKeyVersion> Authorizer::authorize(HttpRequest& http, const aws::UrlParts& url,
                                            const UnsignedRequest& request, const Call& call,
                                            base::TimePoint now) const {
  if (has_own_key(call.options)) {
    return add_api_key(*call.options.api_key, 0, http);
  }
  if (api_key_ != nullptr) {
    const auto [key, version] = api_key_->current();
    return add_api_key(key, version, http);
  }

  const Result<aws::CredentialsLookup> found = look_up(request.name, call);
  if (!found) return std::unexpected(found.error());
  if (const auto* not_configured = std::get_if<aws::NotConfigured>(&*found)) {
    return std::unexpected(missing_credentials(*not_configured));
  }
  auto done =
      signer_.sign(http, url, std::get<aws::Credentials>(*found), request.region, kService, now);
  if (!done) return std::unexpected(std::move(done.error()));
  return ApiKeyVersion{0};
}

Result<aws::CredentialsLookup> Authorizer::look_up(std::string_view subject,
                                                   const Call& call) const {
  if (!call.deadline) return credentials_->lookup(call.options.stop);
  if (auto found = credentials_->try_lookup()) return std::move(*found);
  using Outcome = decltype(lookups_)::Outcome;
  return lookups_.get_on([this](auto job) { pool_->run(std::move(job)); }, {}, call.limits(subject),
                         [credentials = credentials_](std::stop_token stop) {
                           Outcome outcome{credentials->lookup(std::move(stop))};
                           const bool is_stopped = !outcome.result && outcome.result.error().code ==
                                                                          ErrorCode::cancelled;
                           if (is_stopped) outcome.sharing = aws::Sharing::unshared;
                           return outcome;
                         });
}

Result<bool> Authorizer::renew_api_key(ApiKeyVersion refused, std::string_view subject,
                                       const Call& call) const {
  if (has_own_key(call.options) || api_key_ == nullptr || !api_key_->is_renewable()) return false;
  if (api_key_->is_newer_than(refused)) return true;
  using Outcome = decltype(renewals_)::Outcome;
  const auto renew = [key = api_key_, refused](const std::stop_token&) {
    return Outcome{key->renew(refused)};
  };
  const aws::WaitLimits limits = call.limits(subject);
  if (!limits.deadline && !limits.stop.stop_possible()) {
    return renewals_.get(refused, limits, [&renew] { return renew({}); });
  }
  return renewals_.get_on([this](auto job) { pool_->run(std::move(job)); }, refused, limits, renew);
}

Error missing_credentials(const aws::NotConfigured& not_configured) {
  std::string message = "No AWS credentials were found.\n" + not_configured.reason;
  if (!message.ends_with('.')) message += '.';
  return make_error(ErrorCode::authentication_error, std::move(message),
                    "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE, or "
                    "AWS_BEARER_TOKEN_BEDROCK.");
}

}  // namespace llm::bedrock
