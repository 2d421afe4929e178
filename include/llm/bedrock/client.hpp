#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <llm/aws/credentials.hpp>
#include <llm/client.hpp>
#include <llm/error.hpp>
#include <llm/secret.hpp>
#include <llm/transport.hpp>

namespace llm::bedrock {

/// Which API carries a chat.
enum class Api {
  automatic,  ///< InvokeModel where the model has a native form here, else Converse.
  invoke,     ///< InvokeModel; unsupported_feature for a model without a native form.
  converse,   ///< Converse for every model.
};

/// What is done before the network about what Bedrock is known to refuse; <llm/bedrock/lint.hpp>
/// has the rules.
enum class Lint {
  off,     ///< Nothing: what can be written at all is sent.
  refuse,  ///< Refuse it here, with what to do. Never for a model that the catalogue lacks.
  repair,  ///< Change what can be changed safely, each with a warning; refuse the rest.
};

/// Limits of time. Unset: none.
struct Timeouts {
  std::optional<std::chrono::milliseconds> total{};  ///< A whole call, retries included.
  std::optional<std::chrono::milliseconds> connect{3100};
  std::optional<std::chrono::milliseconds> first_byte_streaming{300'000};
  std::optional<std::chrono::milliseconds> first_byte_buffered{};  ///< Long answers take minutes.
  std::optional<std::chrono::milliseconds> idle{300'000};
};

/// How calls are retried.
enum class RetryMode {
  standard,
  adaptive,  ///< Besides, a model that throttles is called no faster than it lets through.
};

/// Whether environment variables and shared AWS files count.
enum class EnvironmentUse {
  use,
  ignore,  ///< Nothing outside these options is read.
};

/// The typed form of `ClientConfig`. Empty members: as environment and profile say.
struct Options {
  std::string model{};
  /// Id of the base model behind `model`, where that is an ARN or name which does not tell it. For
  /// an inference profile the service is asked when this is empty. A profile's id gives its price.
  std::string base_model{};
  std::string region{};
  std::string profile{};
  std::string runtime_endpoint{};  ///< URL of Bedrock Runtime.
  std::string control_endpoint{};  ///< URL of Bedrock's control plane.
  std::string catalogue{};  ///< A file in the format of data/README.md, laid over the compiled-in
                            ///< catalogue. Empty: as BEDROCK_CATALOGUE says, else none.
  std::shared_ptr<const aws::CredentialsProvider> credentials{};
  aws::MfaCallback mfa{};  ///< For profiles with `mfa_serial`; empty: those are an error.
  Secret api_key{};        ///< Bedrock API key (bearer). Beats everything but a per-call key.
  /// Asked once for a new key when the service refuses a bearer key; may be empty.
  std::function<Result<Secret>()> renew_api_key{};
  Api api = Api::automatic;
  Timeouts timeouts{};
  std::optional<int> max_retries{};
  std::optional<RetryMode> retry_mode{};
  /// Send a call again whose whole answer did not come in time. The first may have been billed, and
  /// the second is billed again.
  bool retry_timeouts = false;
  /// Let an endpoint be `http://` to another machine: everybody on the way can then read the calls
  /// and use their keys. Without it only loopback may be plain.
  bool allow_plain_http = false;
  EnvironmentUse environment_use = EnvironmentUse::use;
  std::shared_ptr<const Transport> transport{};  ///< Null: libcurl.
  Lint lint = Lint::refuse;
  std::vector<std::string> lint_off{};  ///< Ids of lint rules that do not count.
};

/// Makes a client for Amazon Bedrock.
/// Errors: as `llm::create_client`.
[[nodiscard]] Result<Client> create_client(Options options);

}  // namespace llm::bedrock
