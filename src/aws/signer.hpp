#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <string_view>

#include <llm/aws/credentials.hpp>
#include <llm/error.hpp>
#include <llm/transport.hpp>

#include "aws/protocol/sign_request.hpp"

namespace llm::aws {

/// Signs requests and caches the last signing key, which costs more than the rest of a signature.
/// The key changes only with the secret access key, the day, the region and the service. The cached
/// key is wiped when another replaces it or the signer is destroyed. Const members are safe from
/// many threads.
class Signer {
 public:
  Signer();
  ~Signer();
  Signer(const Signer&) = delete;
  Signer& operator=(const Signer&) = delete;

  /// As aws::sign_request. Requires: `url` are the parts of `request.url`.
  [[nodiscard]] Result<void> sign(HttpRequest& request, const UrlParts& url,
                                  const Credentials& credentials, std::string_view region,
                                  std::string_view service,
                                  std::chrono::system_clock::time_point now) const;

 private:
  struct CachedKey;
  [[nodiscard]] std::shared_ptr<const CachedKey> last() const;

  mutable std::mutex mutex_;
  mutable std::shared_ptr<const CachedKey> last_;
};

}  // namespace llm::aws
