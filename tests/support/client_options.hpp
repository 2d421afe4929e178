#pragma once

#include <string>
#include <utility>

#include <llm/bedrock/client.hpp>

namespace llm::test_support {

/// Options of a client of the local Bedrock at `url`, which uses nothing else of the machine.
[[nodiscard]] inline bedrock::Options options_at(const std::string& url,
                                                 bedrock::Options more = {}) {
  more.region = "us-east-1";
  more.runtime_endpoint = url;
  more.control_endpoint = url;
  more.credentials =
      aws::static_credentials({.access_key_id = "local", .secret_access_key = Secret("local")});
  more.environment_use = bedrock::EnvironmentUse::ignore;
  return more;
}

}  // namespace llm::test_support
