#include "aws/signer.hpp"

#include <string>
#include <utility>

#include <llm/secret.hpp>

#include "base/time.hpp"

namespace llm::aws {

/// Shared with the calls that are using it; wiped when the last of them is done.
struct Signer::CachedKey {
  Secret secret_access_key;
  SigningScope scope;
  base::HmacKey key;
};

Signer::Signer() = default;
Signer::~Signer() = default;

std::shared_ptr<const Signer::CachedKey> Signer::last() const {
  const std::lock_guard lock(mutex_);
  return last_;
}

Result<void> Signer::sign(HttpRequest& request, const UrlParts& url, const Credentials& credentials,
                          std::string_view region, std::string_view service,
                          std::chrono::system_clock::time_point now) const {
  std::string timestamp = base::compact_iso8601(now);
  SigningScope scope = signing_scope(timestamp, region, service);
  std::shared_ptr<const CachedKey> cached = last();
  if (cached == nullptr || cached->scope != scope ||
      cached->secret_access_key != credentials.secret_access_key) {
    base::HmacKey key = signing_key(credentials.secret_access_key.reveal(), scope);
    cached = std::make_shared<const CachedKey>(credentials.secret_access_key, std::move(scope),
                                               std::move(key));
    const std::lock_guard lock(mutex_);
    last_ = cached;
  }
  return sign_request(request, url, credentials, cached->scope, std::move(timestamp), cached->key);
}

}  // namespace llm::aws
