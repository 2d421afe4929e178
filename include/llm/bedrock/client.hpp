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

/// The API used for chats.
enum class Api {
  automatic,  ///< InvokeModel if this library knows the model's native format, else Converse;
              ///< `mantle` for a model that nothing else serves.
  invoke,     ///< InvokeModel; unsupported_feature for a model without a native format here.
  converse,   ///< Converse for every model.
  mantle,     ///< The endpoint bedrock-mantle: Anthropic Messages for Claude, Chat Completions for
              ///< every other model.
};

/// How to handle requests that Bedrock would reject, before they are sent. <llm/bedrock/lint.hpp>
/// has the rules.
enum class Lint {
  off,     ///< Send whatever can be encoded.
  refuse,  ///< Return an error with advice. Models that the catalogue lacks are not checked.
  repair,  ///< Change what can be changed safely, each with a warning; refuse the rest.
};

/// Time limits. Unset: none.
struct Timeouts {
  std::optional<std::chrono::milliseconds> total{};  ///< A whole call, including retries.
  std::optional<std::chrono::milliseconds> connect{3100};
  std::optional<std::chrono::milliseconds> first_byte_streaming{300'000};
  std::optional<std::chrono::milliseconds>
      first_byte_buffered{};  ///< Long completions take minutes.
  std::optional<std::chrono::milliseconds> idle{300'000};
};

/// How calls are retried.
enum class RetryMode {
  standard,
  adaptive,  ///< As standard, plus client-side rate limiting for a model that throttles.
};

/// Whether environment variables and shared AWS files are read.
enum class EnvironmentUse {
  use,
  ignore,  ///< Only these options count.
};

/// What messages and reports call the settings of `Options`. A program whose users know them by
/// other names, such as command-line options, sets those.
struct SettingNames {
  std::string profile = "code";
  std::string region = "code";
  std::string runtime_endpoint = "bedrock_runtime_endpoint";
  std::string control_endpoint = "bedrock_endpoint";
  std::string mantle_endpoint = "bedrock_mantle_endpoint";
  std::string catalogue = "catalogue";
  std::string credentials = "credentials given in code";
  /// Empty: users cannot set it, so advice does not mention it.
  std::string allow_plain_http = "allow_plain_http";
};

/// The typed form of `ClientConfig`. Empty members are taken from the environment and the profile.
struct Options {
  std::string model{};
  /// Base model of an ARN or profile whose id does not name one. If this is empty, the service is
  /// asked for an inference profile's base model. Prices follow the id of the profile.
  std::string base_model{};
  std::string region{};
  std::string profile{};
  std::string runtime_endpoint{};  ///< URL of Bedrock Runtime.
  std::string control_endpoint{};  ///< URL of Bedrock's control plane.
  std::string mantle_endpoint{};   ///< URL of bedrock-mantle; empty, with `api = mantle`:
                                   ///< `runtime_endpoint`.
  std::string catalogue{};  ///< File that extends the built-in catalogue; data/README.md has its
                            ///< format. Empty: BEDROCK_CATALOGUE, else none.
  std::string project{};    ///< Id or ARN of a Bedrock project; empty: the account's default.
  std::shared_ptr<const aws::CredentialsProvider> credentials{};
  aws::MfaCallback mfa{};  ///< For profiles with `mfa_serial`; empty: those are an error.
  Secret api_key{};        ///< Bedrock API key. Overrides everything except a per-call key.
  /// Called for a new API key when the service rejects the current one; may be empty. Concurrent
  /// calls share one renewal, on a thread that need not be theirs.
  std::function<Result<Secret>()> renew_api_key{};
  Api api = Api::automatic;
  Timeouts timeouts{};
  /// Attempts after the first, 0 to 100; unset: the environment, the profile, else 2. A response
  /// that is lost on the way is asked for again, although the first attempt may be billed too; see
  /// docs/errors.md for all that is.
  std::optional<int> max_retries{};
  std::optional<RetryMode> retry_mode{};
  /// Retries a call whose complete response did not arrive in time. The first attempt may have been
  /// billed, and the second is billed again.
  bool retry_timeouts = false;
  /// Allows `http://` endpoints on other machines: anyone on the network path can then read
  /// prompts, API keys and session tokens. Otherwise only loopback endpoints may use plain HTTP.
  bool allow_plain_http = false;
  EnvironmentUse environment_use = EnvironmentUse::use;
  std::shared_ptr<const Transport> transport{};  ///< Null: libcurl.
  Lint lint = Lint::refuse;
  std::vector<std::string> lint_off{};  ///< Ids of lint rules to disable.
  SettingNames names{};
};

/// Creates a client for Amazon Bedrock.
/// Errors: as `llm::create_client`.
[[nodiscard]] Result<Client> create_client(Options options);

}  // namespace llm::bedrock
