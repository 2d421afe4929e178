#include "local/frontend/exceptions.hpp"

#include <algorithm>
#include <array>

namespace llm::local {
namespace {

constexpr std::array kExceptions{
    ExceptionText{"AccessDeniedException", 403, Layer::service,
                  "You don't have access to the model with the specified model ID."},
    ExceptionText{"ConflictException", 400, Layer::service,
                  "Error occurred because of a conflict while performing an operation."},
    ExceptionText{
        "InternalServerException", 500, Layer::service,
        "The system encountered an unexpected error during processing. Try your request again."},
    ExceptionText{"ModelErrorException", 424, Layer::service,
                  "The request failed due to an error while processing the model."},
    ExceptionText{"ModelNotReadyException", 429, Layer::service,
                  "The model specified in the request is not ready to serve inference requests."},
    ExceptionText{"ModelStreamErrorException", 424, Layer::service,
                  "An error occurred while streaming the response. Retry your request."},
    ExceptionText{"ModelTimeoutException", 408, Layer::service,
                  "The request took too long to process. Processing time exceeded the model "
                  "timeout length."},
    ExceptionText{"ResourceNotFoundException", 404, Layer::service, "Model not found."},
    ExceptionText{"ServiceQuotaExceededException", 400, Layer::service,
                  "Your request exceeds the service quota for your account."},
    ExceptionText{"ServiceUnavailableException", 503, Layer::service,
                  "Bedrock is unable to process your request."},
    ExceptionText{"ThrottlingException", 429, Layer::service,
                  "Too many requests, please wait before trying again."},
    ExceptionText{"ValidationException", 400, Layer::service,
                  "The model returned the following errors: Validation Error"},
    ExceptionText{"ExpiredTokenException", 403, Layer::front_end,
                  "The security token included in the request is expired"},
    ExceptionText{"UnrecognizedClientException", 403, Layer::front_end,
                  "The security token included in the request is invalid."},
    ExceptionText{"InvalidSignatureException", 403, Layer::front_end,
                  "The request signature we calculated does not match the signature you provided. "
                  "Check your AWS Secret Access Key and signing method. Consult the service "
                  "documentation for details."},
    ExceptionText{"MissingAuthenticationTokenException", 403, Layer::front_end,
                  "Missing Authentication Token"},
    ExceptionText{"UnknownOperationException", 404, Layer::front_end, "Unknown operation"},
};

}  // namespace

ExceptionText exception_text(std::string_view name) {
  const auto* found = std::ranges::find(kExceptions, name, &ExceptionText::name);
  if (found != kExceptions.end()) return *found;
  return {.name = name, .message = "An exception raised by a rule of the local Bedrock."};
}

}  // namespace llm::local
