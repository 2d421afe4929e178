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

/// What every source of credentials works with. A value: sources keep a copy.
struct SourceContext {
  std::shared_ptr<const port::System> system{};
  std::shared_ptr<const Transport> transport{};
  std::shared_ptr<const SharedConfig> config{};  ///< Null: `make_default_chain` reads the files.
  std::string profile{};                         ///< The one in use; empty: `profile_name` decides.
  bool profile_in_code = false;  ///< Code named it: the environment's keys are passed over.
  std::string region{};          ///< The client's region, checked; STS is asked there.
  EndpointVariant variant{};     ///< Of the hosts of STS, SSO and sign-in.
  MfaCallback mfa{};             ///< Empty: a profile with `mfa_serial` is an error.
};

/// The URL of a service that hands out credentials, without a `/` at its end: the configured one,
/// else AWS's own for `region`.
/// Errors: configuration_error for a bad region or endpoint, plain http to another machine, a
/// `services` section that is not there, or FIPS or dual stack together with a configured endpoint.
[[nodiscard]] Result<std::string> service_url(const SourceContext& context, Service service,
                                              std::string_view region);

}  // namespace llm::aws
