#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <llm/aws/credentials.hpp>
#include <llm/error.hpp>
#include <llm/transport.hpp>

#include "aws/endpoint.hpp"
#include "aws/settings.hpp"
#include "aws/shared_config.hpp"
#include "port/system.hpp"

namespace llm::aws {

/// What every credential source needs. A value: each source keeps a copy.
struct SourceContext {
  std::shared_ptr<const port::System> system{};
  std::shared_ptr<const Transport> transport{};
  std::shared_ptr<const SharedConfig> config{};  ///< Null: `resolve_default_chain` reads the files.
  std::string profile{};         ///< The profile in use; empty: `profile_name` decides.
  bool profile_in_code = false;  ///< Set in code: credentials of the environment are skipped.
  std::string region{};          ///< The client's region, validated; also used for STS.
  EndpointVariant variant{};     ///< For the hosts of STS, SSO and sign-in.
  MfaCallback mfa{};             ///< Empty: a profile with `mfa_serial` is an error.
};

/// The URL of a service that issues credentials, without a trailing `/`: the configured one, else
/// that of AWS for `region`. Errors: configuration_error for an invalid region or endpoint, plain
/// http to another machine, a missing `services` section, or FIPS or dual stack together with a
/// configured endpoint.
[[nodiscard]] Result<std::string> service_url(const SourceContext& context, Service service,
                                              std::string_view region);

}  // namespace llm::aws
