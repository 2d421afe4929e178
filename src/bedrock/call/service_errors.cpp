#include "bedrock/call/service_errors.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "aws/retry.hpp"

namespace llm::bedrock {
namespace {

/// One row of docs/errors.md. An empty `name` or `text` matches any; rows are tried in order. The
/// name stands for the one without `Exception` too.
struct Row {
  std::string_view name;
  std::string_view text;  ///< Part of the service's message.
  ErrorCode code;
  std::string_view advice;
};

constexpr std::string_view kCheckKeys =
    "Check the credentials in use: `bedrock doctor` shows which source gave them.";
constexpr std::string_view kWait = "Wait and try again, or ask for a higher quota.";
constexpr std::string_view kLater = "Try again later.";
constexpr std::string_view kAskAccess =
    "Request access to the model in the Bedrock console of this region, or use another model.";
constexpr std::string_view kNotAuthorized = "is not authorized to perform";
constexpr std::string_view kCheckModel =
    "Check the model id and the region; `bedrock models` lists what can be called from here.";
constexpr std::string_view kShorten = "Shorten the conversation or its attachments.";

// Sources: service model of bedrock-runtime 2023-09-30 (botocore); message texts as received from
// the service and quoted in public issues (docs/errors.md names them).
constexpr auto kRows = std::to_array<Row>({
    {"AccessDeniedException", "API Key", ErrorCode::authentication_error,
     "The Bedrock API key is not valid; make a new one, or unset AWS_BEARER_TOKEN_BEDROCK."},
    {"", "Please make sure your API Key is valid", ErrorCode::authentication_error,
     "The Bedrock API key is not valid here; short-term keys work only in the region that made "
     "them, "
     "for at most 12 hours."},
    {"", "Invalid API Key format", ErrorCode::authentication_error,
     "The Bedrock API key is not one; check AWS_BEARER_TOKEN_BEDROCK."},
    {"AccessDeniedException", "access to the model", ErrorCode::model_not_found, kAskAccess},
    {"AccessDeniedException", "Marketplace", ErrorCode::permission_error,
     "Allow aws-marketplace:ViewSubscriptions and aws-marketplace:Subscribe, or have somebody who "
     "may "
     "subscribe enable the model once; then wait some minutes."},
    {"AccessDeniedException", "explicit deny", ErrorCode::permission_error,
     "A policy forbids this explicitly; ask who manages it (organisation, permission boundary or "
     "IAM)."},
    {"AccessDeniedException", kNotAuthorized, ErrorCode::permission_error,
     "Converse needs bedrock:InvokeModel, streams need bedrock:InvokeModelWithResponseStream."},
    {"AccessDeniedException", "", ErrorCode::permission_error,
     "Check that IAM allows the call and that the account may use Bedrock."},
    {"UnrecognizedClientException", "", ErrorCode::authentication_error, kCheckKeys},
    {"InvalidClientTokenId", "", ErrorCode::authentication_error, kCheckKeys},
    {"ExpiredTokenException", "", ErrorCode::authentication_error,
     "The session has expired; get new credentials (for example `aws sso login`)."},
    {"InvalidSignatureException", "Signature expired", ErrorCode::authentication_error,
     "The clock of this machine is slow; set it."},
    {"InvalidSignatureException", "Signature not yet current", ErrorCode::authentication_error,
     "The clock of this machine is fast; set it."},
    {"InvalidSignatureException", "scoped to a valid region", ErrorCode::authentication_error,
     "The request was signed for another region than the endpoint's; set the region that fits it."},
    {"InvalidSignatureException", "", ErrorCode::authentication_error,
     "Check the secret access key; a proxy that changes requests has the same effect."},
    {"SignatureDoesNotMatch", "", ErrorCode::authentication_error, kCheckKeys},
    {"IncompleteSignatureException", "", ErrorCode::authentication_error, kCheckKeys},
    {"MissingAuthenticationTokenException", "", ErrorCode::authentication_error, kCheckKeys},
    {"RequestExpired", "", ErrorCode::authentication_error, "Check the clock of this machine."},
    {"RequestTimeTooSkewed", "", ErrorCode::authentication_error,
     "Check the clock of this machine."},
    {"NotAuthorized", "", ErrorCode::permission_error, "Check that IAM allows the call."},
    {"OptInRequired", "", ErrorCode::permission_error, "The account is not signed up for Bedrock."},
    {"ResourceNotFoundException", "end of its life", ErrorCode::model_not_found,
     "The model has been switched off."},
    {"ResourceNotFoundException", "marked by provider as Legacy", ErrorCode::model_not_found,
     "The model is being retired and closed to accounts that did not use it lately."},
    {"ResourceNotFoundException", "use case details", ErrorCode::model_not_found,
     "Fill in the provider's use-case form in the Bedrock console, then wait some minutes."},
    {"FTUFormNotFilled", "", ErrorCode::model_not_found,
     "Fill in the provider's use-case form in the Bedrock console, then wait some minutes."},
    {"ResourceNotFoundException", "", ErrorCode::model_not_found, kCheckModel},
    {"ThrottlingException", "per day", ErrorCode::quota_exceeded_error,
     "The daily token quota is used up; wait until tomorrow, use another region's profile, or ask "
     "for "
     "a higher quota."},
    {"ServiceQuotaExceededException", "", ErrorCode::quota_exceeded_error,
     "Ask for a higher service quota."},
    {"ModelNotReadyException", "", ErrorCode::model_not_ready,
     "The model is being loaded; try again in some minutes."},
    {"ModelTimeoutException", "", ErrorCode::timeout_error,
     "The model took too long; ask for less, or stream."},
    {"ModelErrorException", "too long", ErrorCode::context_length_exceeded, kShorten},
    {"ModelErrorException", "", ErrorCode::model_error, "The model failed on this input."},
    {"ModelStreamErrorException", "", ErrorCode::model_error,
     "The model failed while it answered."},
    {"InternalServerException", "", ErrorCode::server_error, kLater},
    {"InternalFailure", "", ErrorCode::server_error, kLater},
    {"ServiceUnavailableException", "", ErrorCode::server_error, kLater},
    {"UnknownOperationException", "", ErrorCode::configuration_error,
     "The endpoint does not offer this operation: check that the endpoint URL is Bedrock "
     "Runtime's."},
    {"", "model identifier is invalid", ErrorCode::model_not_found, kCheckModel},
    {"", "on-demand throughput", ErrorCode::model_not_found,
     "The model is reached through an inference profile."},
    {"", "Input is too long", ErrorCode::context_length_exceeded, kShorten},
    {"", "prompt is too long", ErrorCode::context_length_exceeded, kShorten},
    {"", "less than or equal to 25000000", ErrorCode::context_length_exceeded, kShorten},
    {"", "support counting tokens", ErrorCode::invalid_request_error,
     "The service counts the tokens of some models only, Claude among them."},
    {"ValidationException", "Operation not allowed", ErrorCode::permission_error,
     "The account is barred from Bedrock; ask AWS Support."},
    {"ValidationException", "", ErrorCode::invalid_request_error, ""},
    {"ValidationError", "", ErrorCode::invalid_request_error, ""},
    {"ConflictException", "", ErrorCode::invalid_request_error, ""},
    {"MalformedHttpRequestException", "", ErrorCode::invalid_request_error, ""},
    {"RequestEntityTooLargeException", "", ErrorCode::context_length_exceeded, kShorten},
});

Row by_status(int status) {
  if (status == 401) return {"", "", ErrorCode::authentication_error, kCheckKeys};
  if (status == 403) {
    return {"", "", ErrorCode::permission_error,
            "The answer names no AWS error: check proxies between here and the endpoint."};
  }
  if (status == 404) {
    return {"", "", ErrorCode::configuration_error, "Check the endpoint URL and the region."};
  }
  if (status == 408) return {"", "", ErrorCode::timeout_error, kLater};
  if (status == 413) return {"", "", ErrorCode::context_length_exceeded, kShorten};
  if (status == 424) return {"", "", ErrorCode::model_error, kLater};
  if (status == 429) return {"", "", ErrorCode::rate_limit_error, kWait};
  if (status >= 500) return {"", "", ErrorCode::server_error, kLater};
  if (status >= 300 && status < 400) {
    return {"", "", ErrorCode::configuration_error,
            "Redirects are not followed: check the endpoint URL."};
  }
  return {"", "", ErrorCode::invalid_request_error, ""};
}

/// The generic errors of AWS are called with and without the ending.
/// Source: Bedrock User Guide, "Troubleshooting Amazon Bedrock API error codes".
bool is_called(std::string_view name, std::string_view code) {
  constexpr std::string_view kEnding = "Exception";
  if (!name.starts_with(code)) return false;
  name.remove_prefix(code.size());
  return name.empty() || (!code.empty() && name == kEnding);
}

Row find_row(const aws::ServiceError& error) {
  const auto matches = [&](const Row& row) {
    return (row.name.empty() || is_called(row.name, error.code)) &&
           (row.text.empty() || error.message.find(row.text) != std::string::npos);
  };
  const auto found = std::ranges::find_if(kRows, matches);
  if (found != kRows.end()) return *found;
  if (aws::retry_kind(error.status, error.code) == aws::RetryKind::throttling) {
    return {"", "", ErrorCode::rate_limit_error, kWait};
  }
  return by_status(error.status);
}

/// The profile of a model that serves the region, for a model that has none under its bare id.
std::string profile_advice(const ModelId& model, const std::string& region) {
  if (model.facts == nullptr)
    return " `bedrock models --online` lists the profiles of this region.";
  const std::string_view prefix = profile_prefix(*model.facts, region);
  if (prefix.empty()) return " No profile of it is known to serve " + region + ".";
  return " Call \"" + std::string(prefix) + '.' + model.base_id + "\".";
}

std::string successor_advice(const ModelFacts& facts, const std::string& region) {
  if (facts.successor.empty()) return {};
  const ModelFacts* const successor = find_model(facts.successor);
  std::string id = successor == nullptr ? std::string() : callable_id(*successor, region);
  if (id.empty()) id = facts.successor;
  return " Use \"" + id + "\" instead.";
}

/// For an identifier that the service does not take here, though the catalogue knows the model.
std::string elsewhere_advice(const ModelId& model, const std::string& region) {
  if (model.facts->lifecycle == Lifecycle::end_of_life) {
    return " The model has been switched off." + successor_advice(*model.facts, region);
  }
  const std::string id = callable_id(*model.facts, region);
  if (id.empty()) return " No profile of it is known to serve " + region + ".";
  if (id == model.requested_id) return " It may not be served in " + region + ".";
  return " From " + region + " call \"" + id + "\".";
}

/// What the catalogue can add: a successor, or the id to call.
std::string catalogue_advice(const Row& row, const ErrorContext& context) {
  if (context.model == nullptr) return {};
  const ModelId& model = *context.model;
  if (row.text.contains("throughput")) return profile_advice(model, context.region);
  if (model.facts == nullptr) return {};
  if (row.text.contains("end of its life") || row.text.contains("Legacy")) {
    return successor_advice(*model.facts, context.region);
  }
  // What is one's own (throughput, a custom model) is nowhere else under another id.
  const bool is_public =
      model.kind == IdKind::base_model || model.kind == IdKind::inference_profile;
  if (is_public && row.advice == kCheckModel) return elsewhere_advice(model, context.region);
  return {};
}

/// The action that a refusal names, `bedrock:InvokeModel`; "the named action" when it is not told.
std::string refused_action(std::string_view message) {
  const auto begin = message.find(kNotAuthorized);
  std::string_view rest = message.substr(begin + kNotAuthorized.size());
  if (!rest.starts_with(": ")) return "the named action";
  rest.remove_prefix(2);
  return std::string(rest.substr(0, rest.find(' ')));
}

bool is_inference(std::string_view operation) {
  return operation.starts_with("Converse") || operation.starts_with("InvokeModel");
}

std::string advice_of(const Row& row, const aws::ServiceError& error, const ErrorContext& context) {
  if (context.bearer && row.code == ErrorCode::authentication_error) {
    return "Check the Bedrock API key (AWS_BEARER_TOKEN_BEDROCK).";
  }
  if (row.text == kNotAuthorized) {
    const std::string allow = "Allow " + refused_action(error.message) + " in IAM.";
    return is_inference(context.operation) ? allow + ' ' + std::string(row.advice) : allow;
  }
  return std::string(row.advice) + catalogue_advice(row, context);
}

/// What an error of a model tells about where it came from, in brackets; empty: nothing.
std::string origin_of(const aws::ServiceError& error) {
  std::string origin;
  const auto add = [&origin](std::string_view label, std::string_view text) {
    if (!text.empty()) origin.append(origin.empty() ? " (" : ", ").append(label).append(text);
  };
  if (error.original_status != 0) add("original status ", std::to_string(error.original_status));
  add("original message: ", error.original_message);
  add("resource ", error.resource_name);
  return origin.empty() ? origin : origin + ')';
}

std::string describe(const aws::ServiceError& error, const ErrorContext& context) {
  std::string text = context.operation;
  if (context.model != nullptr) text += " of \"" + context.model->requested_id + "\"";
  if (!context.region.empty()) text += " in " + context.region;
  text += ": ";
  if (!error.code.empty()) text += error.code + ": ";
  if (!error.message.empty()) return text + error.message + origin_of(error);
  return text + "HTTP status " + std::to_string(error.status) + " without a readable message" +
         origin_of(error) + '.';
}

}  // namespace

Meaning meaning_of(const aws::ServiceError& error, const ErrorContext& context) {
  const Row row = find_row(error);
  return {
      .code = row.code, .what = describe(error, context), .advice = advice_of(row, error, context)};
}

Error to_error(const aws::ServiceError& service_error, const ErrorContext& context) {
  const Meaning meaning = meaning_of(service_error, context);
  Error error = make_error(meaning.code, meaning.what, meaning.advice);
  error.status_code = service_error.status;
  error.service_code = service_error.code;
  error.request_id = service_error.request_id;
  error.retryable =
      aws::retry_kind(service_error.status, service_error.code) != aws::RetryKind::never ||
      meaning.code == ErrorCode::rate_limit_error;
  return error;
}

}  // namespace llm::bedrock
