#include "bedrock/call/service_error_table.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "aws/protocol/retry.hpp"
#include "base/text.hpp"
#include "bedrock/codec/error_types.hpp"

namespace llm::bedrock {
namespace {

constexpr std::string_view kCheckCredentials =
    "Check the credentials in use: `bedrock doctor` shows where they come from.";
constexpr std::string_view kCheckClock = "Check the clock of this machine.";
constexpr std::string_view kSetClock = "Set the clock.";
constexpr std::string_view kWait = "Wait and try again, or request a higher quota.";
constexpr std::string_view kLater = "Try again later.";
constexpr std::string_view kOtherModel = "Use another model.";
constexpr std::string_view kSubmitForm =
    "Submit the provider's use-case form in the Bedrock console, then wait a few minutes.";
constexpr std::string_view kCheckModel =
    "Check the model id and the region. `bedrock models` lists the models of a region.";

// Sources: service model of bedrock-runtime 2023-09-30 (botocore); message texts as received from
// the service and quoted in public issues (docs/errors.md names them).
constexpr auto kRows = std::to_array<ServiceErrorRow>({
    // Conditions come first: the service sends them under several names.
    {.condition = Condition::context_overflow,
     .code = ErrorCode::context_length_exceeded,
     .advice = kShorten},
    {.condition = Condition::context_overflow_with_limit,
     .code = ErrorCode::context_length_exceeded,
     .advice = kShortenOrLowerLimit},
    {.condition = Condition::max_tokens_too_large,
     .code = ErrorCode::invalid_request_error,
     .advice = "Set a lower max_tokens."},
    {.condition = Condition::use_case_form,
     .code = ErrorCode::model_not_found,
     .advice = kSubmitForm},
    {.condition = Condition::payment,
     .code = ErrorCode::permission_error,
     .explanation = "The account has no valid means of payment for the AWS Marketplace.",
     .advice = "Add one in the AWS billing console, then wait a few minutes."},
    {.condition = Condition::marketplace,
     .code = ErrorCode::permission_error,
     .advice = "Allow aws-marketplace:ViewSubscriptions and aws-marketplace:Subscribe in IAM, or "
               "have somebody with these permissions enable the model once. Then wait a few "
               "minutes."},
    {.condition = Condition::daily_quota,
     .code = ErrorCode::quota_exceeded_error,
     .explanation = "The daily token quota is used up.",
     .advice = "Wait until tomorrow, use a profile of another region, or request a higher quota."},
    {.condition = Condition::throttled, .code = ErrorCode::rate_limit_error, .advice = kWait},
    {.name = "AccessDeniedException",
     .text = "API Key",
     .code = ErrorCode::authentication_error,
     .explanation = "The Bedrock API key is not valid.",
     .advice = "Create a new API key, or unset AWS_BEARER_TOKEN_BEDROCK."},
    {.text = "Please make sure your API Key is valid",
     .code = ErrorCode::authentication_error,
     .explanation = "A short-term API key works only in the region that issued it, for at most 12 "
                    "hours.",
     .advice = "Create a new API key in this region, or unset AWS_BEARER_TOKEN_BEDROCK."},
    {.text = "Invalid API Key format",
     .code = ErrorCode::authentication_error,
     .explanation = "The Bedrock API key is malformed.",
     .advice = "Check AWS_BEARER_TOKEN_BEDROCK."},
    {.name = "AccessDeniedException",
     .text = "access to the model",
     .code = ErrorCode::model_not_found,
     .advice = "Request access to the model in the Bedrock console of this region, or use another "
               "model."},
    {.name = "AccessDeniedException",
     .text = "explicit deny",
     .code = ErrorCode::permission_error,
     .explanation = "A policy denies the action explicitly.",
     .advice = "Ask whoever manages the policy (organisation, permission boundary or IAM)."},
    {.name = "AccessDeniedException",
     .text = "is not authorized to perform",
     .code = ErrorCode::permission_error,
     .advice_source = AdviceSource::permission},
    {.name = "AccessDeniedException",
     .code = ErrorCode::permission_error,
     .advice = "Check that IAM allows the call and that the account may use Bedrock."},
    {.name = "UnrecognizedClientException",
     .code = ErrorCode::authentication_error,
     .advice = kCheckCredentials},
    {.name = "InvalidClientTokenId",
     .code = ErrorCode::authentication_error,
     .advice = kCheckCredentials},
    {.name = "ExpiredTokenException",
     .code = ErrorCode::authentication_error,
     .advice = "Get new credentials, for example with `aws sso login`."},
    {.name = "InvalidSignatureException",
     .text = "Signature expired",
     .code = ErrorCode::authentication_error,
     .explanation = "The clock of this machine is slow.",
     .advice = kSetClock},
    {.name = "InvalidSignatureException",
     .text = "Signature not yet current",
     .code = ErrorCode::authentication_error,
     .explanation = "The clock of this machine is fast.",
     .advice = kSetClock},
    {.name = "InvalidSignatureException",
     .text = "scoped to a valid region",
     .code = ErrorCode::authentication_error,
     .explanation = "The request was signed for a region other than the endpoint's.",
     .advice = "Set the region to that of the endpoint."},
    {.name = "InvalidSignatureException",
     .code = ErrorCode::authentication_error,
     .advice = "Check the secret access key, and for proxies that change requests."},
    {.name = "SignatureDoesNotMatch",
     .code = ErrorCode::authentication_error,
     .advice = kCheckCredentials},
    {.name = "IncompleteSignatureException",
     .code = ErrorCode::authentication_error,
     .advice = kCheckCredentials},
    {.name = "MissingAuthenticationTokenException",
     .code = ErrorCode::authentication_error,
     .advice = kCheckCredentials},
    {.name = "RequestExpired", .code = ErrorCode::authentication_error, .advice = kCheckClock},
    {.name = "RequestTimeTooSkewed",
     .code = ErrorCode::authentication_error,
     .advice = kCheckClock},
    {.name = "NotAuthorized",
     .code = ErrorCode::permission_error,
     .advice = "Check that IAM allows the call."},
    {.name = "OptInRequired",
     .code = ErrorCode::permission_error,
     .explanation = "The account is not signed up for Bedrock.",
     .advice = "Sign the account up in the AWS console."},
    {.name = "ResourceNotFoundException",
     .text = "end of its life",
     .code = ErrorCode::model_not_found,
     .advice = kOtherModel,
     .advice_source = AdviceSource::successor},
    {.name = "ResourceNotFoundException",
     .text = "marked by provider as Legacy",
     .code = ErrorCode::model_not_found,
     .advice = kOtherModel,
     .advice_source = AdviceSource::successor},
    {.name = "FTUFormNotFilled", .code = ErrorCode::model_not_found, .advice = kSubmitForm},
    {.name = "ResourceNotFoundException",
     .code = ErrorCode::model_not_found,
     .advice = kCheckModel,
     .advice_source = AdviceSource::callable_id},
    {.name = "ServiceQuotaExceededException",
     .code = ErrorCode::quota_exceeded_error,
     .advice = "Request a higher service quota."},
    {.name = "ModelNotReadyException",
     .code = ErrorCode::model_not_ready,
     .explanation = "The model is being loaded.",
     .advice = "Try again in a few minutes."},
    {.name = "ModelTimeoutException",
     .code = ErrorCode::timeout_error,
     .explanation = "The model took too long.",
     .advice = "Ask for a shorter answer, or stream it."},
    {.name = "ModelErrorException",
     .code = ErrorCode::model_error,
     .explanation = "The model failed on this input.",
     .advice = "Try again, or change the input."},
    {.name = "ModelStreamErrorException",
     .code = ErrorCode::model_error,
     .explanation = "The model failed in the middle of its response.",
     .advice = "Try again."},
    {.name = "InternalServerException", .code = ErrorCode::server_error, .advice = kLater},
    {.name = "InternalFailure", .code = ErrorCode::server_error, .advice = kLater},
    {.name = "ServiceUnavailableException", .code = ErrorCode::server_error, .advice = kLater},
    {.name = "UnknownOperationException",
     .code = ErrorCode::configuration_error,
     .explanation = "The endpoint does not offer this operation.",
     .advice = "Check that the endpoint URL is that of Bedrock Runtime."},
    {.text = "model identifier is invalid",
     .code = ErrorCode::model_not_found,
     .advice = kCheckModel,
     .advice_source = AdviceSource::callable_id},
    {.text = "on-demand throughput",
     .code = ErrorCode::model_not_found,
     .explanation = "The model can be called only through an inference profile.",
     .advice = "Call one of the profiles that `bedrock models --online` lists.",
     .advice_source = AdviceSource::profile},
    {.text = "support counting tokens",
     .code = ErrorCode::invalid_request_error,
     .advice = "Choose a model that supports CountTokens, for example a Claude model."},
    {.name = "ValidationException",
     .text = "Operation not allowed",
     .code = ErrorCode::permission_error,
     .explanation = "The account is barred from Bedrock.",
     .advice = "Contact AWS Support."},
    {.name = "ValidationException", .code = ErrorCode::invalid_request_error},
    {.name = "ValidationError", .code = ErrorCode::invalid_request_error},
    {.name = "ConflictException", .code = ErrorCode::invalid_request_error},
    {.name = "MalformedHttpRequestException", .code = ErrorCode::invalid_request_error},
    {.name = "RequestEntityTooLargeException",
     .code = ErrorCode::context_length_exceeded,
     .advice = kShorten},
});

constexpr std::string_view advice_for(ErrorCode code) {
  switch (code) {
    case ErrorCode::authentication_error:
      return kCheckCredentials;
    case ErrorCode::permission_error:
      return "Check that IAM allows the call and that the account may use the model.";
    case ErrorCode::model_not_found:
      return kCheckModel;
    case ErrorCode::context_length_exceeded:
      return kShorten;
    case ErrorCode::rate_limit_error:
      return kWait;
    case ErrorCode::quota_exceeded_error:
      return "Request a higher service quota.";
    case ErrorCode::server_error:
    case ErrorCode::timeout_error:
      return kLater;
    default:
      return {};
  }
}

/// The types of errors that bedrock-mantle sends in place of AWS's exceptions.
constexpr auto kTypeRows = [] {
  std::array<ServiceErrorRow, kErrorTypes.size()> rows{};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].name = kErrorTypes[i].name;
    rows[i].code = kErrorTypes[i].code;
    rows[i].advice = advice_for(rows[i].code);
    if (rows[i].code == ErrorCode::model_not_found) {
      rows[i].advice_source = AdviceSource::callable_id;
    }
  }
  return rows;
}();

constexpr ServiceErrorRow kThrottled{.code = ErrorCode::rate_limit_error, .advice = kWait};

/// Used when no row of the first table matches.
struct StatusRow {
  int first = 0;
  int last = 0;
  ServiceErrorRow row{};
};

constexpr int kMinStatus = std::numeric_limits<int>::min();
constexpr int kMaxStatus = std::numeric_limits<int>::max();

constexpr auto kStatusRows = std::to_array<StatusRow>({
    // An exception or error inside a stream, whose request was fine.
    {0, 0, {.code = ErrorCode::server_error, .advice = kLater}},
    {401, 401, {.code = ErrorCode::authentication_error, .advice = kCheckCredentials}},
    {403,
     403,
     {.code = ErrorCode::permission_error,
      .explanation = "The response names no AWS error.",
      .advice = "Check for proxies between here and the endpoint."}},
    {404,
     404,
     {.code = ErrorCode::configuration_error, .advice = "Check the endpoint URL and the region."}},
    {408, 408, {.code = ErrorCode::timeout_error, .advice = kLater}},
    {413, 413, {.code = ErrorCode::context_length_exceeded, .advice = kShorten}},
    {424, 424, {.code = ErrorCode::model_error, .advice = kLater}},
    {429, 429, kThrottled},
    {300,
     399,
     {.code = ErrorCode::configuration_error,
      .explanation = "Redirects are not followed.",
      .advice = "Check the endpoint URL."}},
    {500, kMaxStatus, {.code = ErrorCode::server_error, .advice = kLater}},
    {kMinStatus, kMaxStatus, {.code = ErrorCode::invalid_request_error}},
});

/// AWS writes its generic errors with and without `Exception`.
/// Source: Bedrock User Guide, "Troubleshooting Amazon Bedrock API error codes".
bool has_name(std::string_view row_name, std::string_view code) {
  constexpr std::string_view kSuffix = "Exception";
  if (base::equals_ignoring_case(row_name, code)) return true;
  if (!row_name.ends_with(kSuffix)) return false;
  row_name.remove_suffix(kSuffix.size());
  return base::equals_ignoring_case(row_name, code);
}

bool contains_ignoring_case(std::string_view text, std::string_view part) {
  return base::to_lower(text).contains(base::to_lower(part));
}

// A model's own words may be in its original message.
std::optional<Condition> condition_in(const aws::ServiceError& error) {
  const auto found = condition_of(error.message);
  return found ? found : condition_of(error.original_message);
}

}  // namespace

const ServiceErrorRow& row_for(const aws::ServiceError& error) {
  const auto condition = condition_in(error);
  const auto matches = [&](const ServiceErrorRow& row) {
    return (row.name.empty() || has_name(row.name, error.code)) &&
           (row.text.empty() || contains_ignoring_case(error.message, row.text)) &&
           (!row.condition || row.condition == condition);
  };
  const auto* const found = std::ranges::find_if(kRows, matches);
  if (found != kRows.end()) return *found;
  const auto* const type = std::ranges::find_if(kTypeRows, matches);
  if (type != kTypeRows.end()) return *type;
  if (aws::retry_kind(error.status, error.code) == aws::RetryKind::throttling) return kThrottled;
  return std::ranges::find_if(kStatusRows,
                              [&](const StatusRow& status) {
                                return status.first <= error.status && error.status <= status.last;
                              })
      ->row;
}

}  // namespace llm::bedrock
