#pragma once

#include <string_view>

#include <llm/aws/credentials.hpp>
#include <llm/error.hpp>

#include "aws/credentials/credential_call.hpp"
#include "aws/protocol/service_error.hpp"

namespace llm::aws {

/// The credentials in the XML of an AssumeRole or AssumeRoleWithWebIdentity response, with the
/// account of the role. Errors: authentication_error that names `what` and the missing part, but
/// shows none of the text. Source: AWS STS API Reference, "AssumeRole".
[[nodiscard]] Result<Credentials> read_sts_credentials(std::string_view xml, std::string_view what);

/// The error in an STS response. For a body that is not XML it has the status only.
[[nodiscard]] ServiceError read_sts_error(const CredentialResponse& response);

/// `retry_kind` of an STS response.
[[nodiscard]] RetryKind retry_sts_response(const CredentialResponse& response);

}  // namespace llm::aws
