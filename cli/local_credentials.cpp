#include "local_credentials.hpp"

#include <cstdlib>
#include <utility>

#include <llm/local/credentials.hpp>

#include "input_file.hpp"

namespace cli {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

llm::Result<void> add_keys_of_environment(llm::local::ServerOptions& options) {
  llm::local::AcceptedCredentials key{
      .access_key_id = variable("BEDROCK_LOCAL_ACCESS_KEY_ID"),
      .secret_access_key = llm::Secret(variable("BEDROCK_LOCAL_SECRET_ACCESS_KEY")),
      .session_token = llm::Secret(variable("BEDROCK_LOCAL_SESSION_TOKEN"))};
  if (key.access_key_id.empty() != key.secret_access_key.empty()) {
    return std::unexpected(llm::make_error(llm::ErrorCode::configuration_error,
                                           "Set both BEDROCK_LOCAL_ACCESS_KEY_ID and "
                                           "BEDROCK_LOCAL_SECRET_ACCESS_KEY, or neither."));
  }
  if (!key.access_key_id.empty()) options.credentials.push_back(std::move(key));
  llm::Secret bearer(variable("BEDROCK_LOCAL_API_KEY"));
  if (!bearer.empty()) options.api_keys.push_back(std::move(bearer));
  return {};
}

}  // namespace

llm::Result<void> add_keys(const std::string& path, llm::local::ServerOptions& options) {
  if (!path.empty()) {
    const llm::Result<std::string> text = read_input_file(path);
    if (!text) return std::unexpected(text.error());
    if (auto added = llm::local::add_credentials(*text, options); !added) return added;
  }
  return add_keys_of_environment(options);
}

}  // namespace cli
