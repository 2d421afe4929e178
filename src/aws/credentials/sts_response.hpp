#pragma once

#include <string_view>

#include <llm/aws/credentials.hpp>
#include <llm/error.hpp>

#include "aws/credentials/credential_call.hpp"
#include "aws/service_error.hpp"

namespace llm::aws {

/// The keys in the XML of an AssumeRole or AssumeRoleWithWebIdentity answer, with the account of
/// the role. Errors: authentication_error that names `what` and what is missing, nothing of the
/// text. Source: AWS STS API Reference, "AssumeRole".
[[nodiscard]] Result<Credentials> read_sts_keys(std::string_view xml, std::string_view what);

/// The error in an STS answer; one that is no XML of STS gives its status alone.
[[nodiscard]] ServiceError read_sts_error(const CredentialResponse& answer);

/// `retry_kind` of an answer of STS.
[[nodiscard]] RetryKind retry_sts_response(const CredentialResponse& answer);

}  // namespace llm::aws
