#pragma once

#include <functional>
#include <memory>

#include <llm/aws/credentials.hpp>
#include <llm/error.hpp>
#include <llm/secret.hpp>

namespace llm::bedrock {

/// Who the calls of a client are made as. Exactly one of the two is used: `api_key` when it is not
/// empty, else `credentials`.
struct AuthSource {
  Secret api_key{};
  std::function<Result<Secret>()> renew_api_key{};  ///< May be empty.
  std::shared_ptr<const aws::CredentialsProvider> credentials{};
};

}  // namespace llm::bedrock
