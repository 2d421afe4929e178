#include <llm/local/credentials.hpp>

#include <string>
#include <utility>

#include "base/text.hpp"

namespace llm::local {
namespace {

/// What one section says.
struct Section {
  std::string name{};
  AcceptedCredentials key{.access_key_id = {}, .secret_access_key = {}};
  Secret bearer{};
};

std::unexpected<Error> refuse(const std::string& what) {
  return std::unexpected(
      make_error(ErrorCode::configuration_error,
                 "cannot use the credentials file: " + what +
                     "; a section has aws_access_key_id and aws_secret_access_key, or "
                     "aws_bearer_token_bedrock, each as \"key = value\""));
}

/// False for a name that looks like a key's and is none: a slip must not go unseen. Others, such as
/// `region`, belong to other programs.
bool take(std::string_view name, std::string_view value, Section& section) {
  if (name == "aws_access_key_id") {
    section.key.access_key_id = value;
  } else if (name == "aws_secret_access_key") {
    section.key.secret_access_key = Secret(std::string(value));
  } else if (name == "aws_session_token") {
    section.key.session_token = Secret(std::string(value));
  } else if (name == "aws_bearer_token_bedrock") {
    section.bearer = Secret(std::string(value));
  } else {
    return !name.starts_with("aws_") || name == "aws_account_id";
  }
  return true;
}

/// Adds what a section has, and begins another one.
Result<void> finish(Section& section, ServerOptions& options) {
  Section done = std::exchange(section, {});
  if (done.key.access_key_id.empty() != done.key.secret_access_key.empty()) {
    return refuse("section \"" + done.name + "\" has half of a key pair");
  }
  if (done.key.access_key_id.empty() && !done.key.session_token.empty()) {
    return refuse("section \"" + done.name + "\" has a session token without its key pair");
  }
  if (!done.key.access_key_id.empty()) options.credentials.push_back(std::move(done.key));
  if (!done.bearer.empty()) options.api_keys.push_back(std::move(done.bearer));
  return {};
}

}  // namespace

Result<void> add_credentials(std::string_view ini, ServerOptions& options) {
  const std::size_t before = options.credentials.size() + options.api_keys.size();
  Section section;
  int number = 0;
  for (std::string_view line : base::split(ini, '\n')) {
    ++number;
    line = base::trim(line);
    if (line.empty() || line.starts_with('#') || line.starts_with(';')) continue;
    if (line.starts_with('[')) {
      if (auto finished = finish(section, options); !finished) return finished;
      section.name = base::trim(line.substr(1, line.find(']') - 1));
      continue;
    }
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) {
      return refuse("line " + std::to_string(number) + " is no \"key = value\"");
    }
    const bool known = take(base::to_lower(base::trim(line.substr(0, equals))),
                            base::trim(line.substr(equals + 1)), section);
    if (!known) return refuse("line " + std::to_string(number) + " names no key that there is");
  }
  if (auto finished = finish(section, options); !finished) return finished;
  if (options.credentials.size() + options.api_keys.size() == before) return refuse("it has no key");
  return {};
}

}  // namespace llm::local
