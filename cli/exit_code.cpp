#include "exit_code.hpp"

namespace cli {

ExitCode exit_code(llm::ErrorCode code) {
  using llm::ErrorCode;
  switch (code) {
    case ErrorCode::authentication_error:
    case ErrorCode::permission_error:
      return ExitCode::authentication;
    case ErrorCode::model_not_found:
      return ExitCode::model;
    case ErrorCode::rate_limit_error:
    case ErrorCode::quota_exceeded_error:
    case ErrorCode::model_not_ready:
      return ExitCode::throttled;
    case ErrorCode::invalid_request_error:
    case ErrorCode::context_length_exceeded:
    case ErrorCode::unsupported_feature:
      return ExitCode::refused;
    case ErrorCode::model_error:
    case ErrorCode::server_error:
    case ErrorCode::connection_error:
      return ExitCode::service;
    case ErrorCode::timeout_error:
      return ExitCode::timeout;
    case ErrorCode::stream_error:
      return ExitCode::stream;
    case ErrorCode::cancelled:
      return ExitCode::interrupted;
    case ErrorCode::configuration_error:
      return ExitCode::usage;
    case ErrorCode::internal_error:
      return ExitCode::internal;
  }
  return ExitCode::internal;
}

}  // namespace cli
