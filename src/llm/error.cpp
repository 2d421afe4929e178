#include <llm/error.hpp>

namespace llm {

std::string_view to_string(ErrorCode code) {
  switch (code) {
    case ErrorCode::authentication_error:
      return "authentication_error";
    case ErrorCode::permission_error:
      return "permission_error";
    case ErrorCode::model_not_found:
      return "model_not_found";
    case ErrorCode::rate_limit_error:
      return "rate_limit_error";
    case ErrorCode::quota_exceeded_error:
      return "quota_exceeded_error";
    case ErrorCode::model_not_ready:
      return "model_not_ready";
    case ErrorCode::invalid_request_error:
      return "invalid_request_error";
    case ErrorCode::context_length_exceeded:
      return "context_length_exceeded";
    case ErrorCode::unsupported_feature:
      return "unsupported_feature";
    case ErrorCode::model_error:
      return "model_error";
    case ErrorCode::server_error:
      return "server_error";
    case ErrorCode::connection_error:
      return "connection_error";
    case ErrorCode::timeout_error:
      return "timeout_error";
    case ErrorCode::stream_error:
      return "stream_error";
    case ErrorCode::cancelled:
      return "cancelled";
    case ErrorCode::configuration_error:
      return "configuration_error";
    case ErrorCode::internal_error:
      return "internal_error";
  }
  return "internal_error";
}

std::string_view error_type(ErrorCode code) {
  switch (code) {
    case ErrorCode::authentication_error:
      return "authentication";
    case ErrorCode::permission_error:
      return "permission";
    case ErrorCode::rate_limit_error:
    case ErrorCode::quota_exceeded_error:
      return "rate_limit";
    case ErrorCode::model_not_found:
    case ErrorCode::invalid_request_error:
    case ErrorCode::context_length_exceeded:
    case ErrorCode::unsupported_feature:
      return "invalid_request";
    case ErrorCode::model_not_ready:
    case ErrorCode::model_error:
      return "model";
    case ErrorCode::server_error:
      return "server";
    case ErrorCode::connection_error:
    case ErrorCode::timeout_error:
    case ErrorCode::stream_error:
      return "connection";
    case ErrorCode::cancelled:
      return "cancelled";
    case ErrorCode::configuration_error:
      return "configuration";
    case ErrorCode::internal_error:
      return "internal";
  }
  return "internal";
}

Error make_error(ErrorCode code, std::string message, std::string advice) {
  Error error{.code = code, .message = std::move(message), .advice = std::move(advice)};
  error.type = error_type(code);
  return error;
}

}  // namespace llm
