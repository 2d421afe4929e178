#include "local/frontend/exceptions.hpp"

#include <algorithm>
#include <array>

namespace llm::local {
namespace {

constexpr std::array kExceptions{
    ExceptionWords{"AccessDeniedException", 403, Origin::service,
                   "You don't have access to the model with the specified model ID."},
    ExceptionWords{"ConflictException", 400, Origin::service,
                   "Error occurred because of a conflict while performing an operation."},
    ExceptionWords{
        "InternalServerException", 500, Origin::service,
        "The system encountered an unexpected error during processing. Try your request again."},
    ExceptionWords{"ModelErrorException", 424, Origin::service,
                   "The request failed due to an error while processing the model."},
    ExceptionWords{"ModelNotReadyException", 429, Origin::service,
                   "The model specified in the request is not ready to serve inference requests."},
    ExceptionWords{"ModelStreamErrorException", 424, Origin::service,
                   "An error occurred while streaming the response. Retry your request."},
    ExceptionWords{"ModelTimeoutException", 408, Origin::service,
                   "The request took too long to process. Processing time exceeded the model "
                   "timeout length."},
    ExceptionWords{"ResourceNotFoundException", 404, Origin::service, "Model not found."},
    ExceptionWords{"ServiceQuotaExceededException", 400, Origin::service,
                   "Your request exceeds the service quota for your account."},
    ExceptionWords{"ServiceUnavailableException", 503, Origin::service,
                   "Bedrock is unable to process your request."},
    ExceptionWords{"ThrottlingException", 429, Origin::service,
                   "Too many requests, please wait before trying again."},
    ExceptionWords{"ValidationException", 400, Origin::service,
                   "The model returned the following errors: Validation Error"},
    ExceptionWords{"ExpiredTokenException", 403, Origin::front,
                   "The security token included in the request is expired"},
    ExceptionWords{"UnrecognizedClientException", 403, Origin::front,
                   "The security token included in the request is invalid."},
    ExceptionWords{"InvalidSignatureException", 403, Origin::front,
                   "The request signature we calculated does not match the signature you provided. "
                   "Check your AWS Secret Access Key and signing method. Consult the service "
                   "documentation for details."},
    ExceptionWords{"MissingAuthenticationTokenException", 403, Origin::front,
                   "Missing Authentication Token"},
    ExceptionWords{"UnknownOperationException", 404, Origin::front, "Unknown operation"},
};

}  // namespace

ExceptionWords exception_words(std::string_view name) {
  const auto* found = std::ranges::find(kExceptions, name, &ExceptionWords::name);
  if (found != kExceptions.end()) return *found;
  return {.name = name, .message = "An exception that the local Bedrock was told to raise."};
}

}  // namespace llm::local
