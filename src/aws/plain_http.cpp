#include "aws/plain_http.hpp"

#include <string>

#include "base/errors.hpp"

namespace llm::aws {
namespace {

PeerRule rule_for(bool is_plain_loopback) {
  return is_plain_loopback ? PeerRule::loopback : PeerRule::any;
}

}  // namespace

Result<void> check_plain_http(const Endpoint& endpoint, std::string_view source,
                              PlainHttp allowed) {
  const bool leaves_in_plain = endpoint.scheme == "http" && !endpoint.loopback;
  if (!leaves_in_plain || allowed == PlainHttp::anywhere) return {};
  return base::configuration_error(
      std::string(source) +
          ": Plain HTTP to another machine would expose credentials and prompts on the network.",
      "Use https.");
}

PeerRule peer_rule(const Endpoint& endpoint) {
  return rule_for(endpoint.scheme == "http" && endpoint.loopback);
}

PeerRule peer_rule(std::string_view url) { return rule_for(url.starts_with("http://")); }

}  // namespace llm::aws
