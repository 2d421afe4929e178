#include "accepted_credentials.hpp"

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

llm::Result<void> add_from_environment(llm::local::ServerOptions& options) {
  llm::local::AcceptedCredentials accepted{
      .access_key_id = variable("BEDROCK_LOCAL_ACCESS_KEY_ID"),
      .secret_access_key = llm::Secret(variable("BEDROCK_LOCAL_SECRET_ACCESS_KEY")),
      .session_token = llm::Secret(variable("BEDROCK_LOCAL_SESSION_TOKEN"))};
  if (accepted.access_key_id.empty() != accepted.secret_access_key.empty()) {
    return std::unexpected(llm::make_error(llm::ErrorCode::configuration_error,
                                           "Only one of BEDROCK_LOCAL_ACCESS_KEY_ID and "
                                           "BEDROCK_LOCAL_SECRET_ACCESS_KEY is set.",
                                           "Set both, or neither."));
  }
  if (!accepted.access_key_id.empty()) options.credentials.push_back(std::move(accepted));
  llm::Secret api_key(variable("BEDROCK_LOCAL_API_KEY"));
  if (!api_key.empty()) options.api_keys.push_back(std::move(api_key));
  return {};
}

}  // namespace

llm::Result<void> add_accepted_credentials(const std::string& path,
                                           llm::local::ServerOptions& options) {
  if (!path.empty()) {
    const llm::Result<std::string> text = read_input_file(path);
    if (!text) return std::unexpected(text.error());
    if (auto added = llm::local::add_credentials(*text, options); !added) return added;
  }
  return add_from_environment(options);
}

}  // namespace cli
