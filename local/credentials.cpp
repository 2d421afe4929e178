#include <llm/local/credentials.hpp>

#include <string>
#include <utility>

#include "base/errors.hpp"
#include "base/text.hpp"

namespace llm::local {
namespace {

struct Section {
  std::string name{};
  AcceptedCredentials credentials{.access_key_id = {}, .secret_access_key = {}};
  Secret api_key{};
};

/// `problem` follows "The credentials file is invalid: ".
std::unexpected<Error> refuse(const std::string& problem) {
  return base::configuration_error(
      "The credentials file is invalid: " + problem + ".",
      "Give each section aws_access_key_id and aws_secret_access_key, or aws_bearer_token_bedrock, "
      "as \"name = value\".");
}

std::string line_name(int number) { return "line " + std::to_string(number); }

/// False for an unknown name that begins with `aws_`: it is likely a typing error. Other names,
/// such as `region`, belong to other programs.
bool take(std::string_view name, std::string_view value, Section& section) {
  if (name == "aws_access_key_id") {
    section.credentials.access_key_id = value;
  } else if (name == "aws_secret_access_key") {
    section.credentials.secret_access_key = Secret(std::string(value));
  } else if (name == "aws_session_token") {
    section.credentials.session_token = Secret(std::string(value));
  } else if (name == "aws_bearer_token_bedrock") {
    section.api_key = Secret(std::string(value));
  } else {
    return !name.starts_with("aws_") || name == "aws_account_id";
  }
  return true;
}

/// Adds the credentials of a section and resets it.
Result<void> finish(Section& section, ServerOptions& options) {
  Section done = std::exchange(section, {});
  AcceptedCredentials& credentials = done.credentials;
  const bool has_id = !credentials.access_key_id.empty();
  const std::string subject = "section \"" + done.name + "\" has ";
  if (has_id && credentials.secret_access_key.empty()) {
    return refuse(subject + "an aws_access_key_id without an aws_secret_access_key");
  }
  if (!has_id && !credentials.secret_access_key.empty()) {
    return refuse(subject + "an aws_secret_access_key without an aws_access_key_id");
  }
  if (!has_id && !credentials.session_token.empty()) {
    return refuse(subject + "an aws_session_token without an aws_access_key_id");
  }
  if (has_id) options.credentials.push_back(std::move(credentials));
  if (!done.api_key.empty()) options.api_keys.push_back(std::move(done.api_key));
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
      return refuse(line_name(number) + " is not of the form \"name = value\"");
    }
    const bool known = take(base::to_lower(base::trim(line.substr(0, equals))),
                            base::trim(line.substr(equals + 1)), section);
    if (!known) return refuse(line_name(number) + " sets an unknown name");
  }
  if (auto finished = finish(section, options); !finished) return finished;
  if (options.credentials.size() + options.api_keys.size() == before) {
    return refuse("it contains no credentials");
  }
  return {};
}

}  // namespace llm::local
