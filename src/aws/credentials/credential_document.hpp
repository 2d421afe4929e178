#pragma once

#include <string_view>

#include <llm/aws/credentials.hpp>
#include <llm/error.hpp>

#include "json/reader.hpp"

namespace llm::aws {

/// The credentials in a document of a metadata service: AccessKeyId, SecretAccessKey, Token,
/// Expiration (see `base::read_time`), AccountId; names in any case. Does not check whether they
/// have expired. Errors: authentication_error that names `what` and the missing or malformed
/// member, but shows none of its text.
[[nodiscard]] Result<Credentials> read_credential_document(const json::Value& document,
                                                           std::string_view what);

}  // namespace llm::aws
