#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <llm/bedrock/client.hpp>
#include <llm/error.hpp>
#include <llm/local/server.hpp>

#include "cli/options/parse.hpp"

namespace cli {

/// Options of the commands that use a connection, named as in the AWS CLI.
struct ConnectionOptions {
  std::string profile{};
  std::string region{};
  std::string endpoint_url{};
  std::string model{};
  std::string base_model{};
  std::string catalogue{};
  std::string project{};
  std::string api{};
  std::string lint{};
  std::vector<std::string> lint_off{};
  bool local = false;
  bool debug = false;
};

/// Those of them that a command has and was given.
[[nodiscard]] ConnectionOptions connection_options(const Given& given);

/// The settings for calls to Amazon Bedrock, or with `--local` to a local Bedrock, which runs as
/// long as this object lives.
class Connection {
 public:
  /// Errors: configuration_error.
  [[nodiscard]] static llm::Result<Connection> open(const ConnectionOptions& options);
  /// The same without a model. Errors: configuration_error.
  [[nodiscard]] static llm::Result<Connection> open_service(const ConnectionOptions& options);

  [[nodiscard]] const llm::bedrock::Options& options() const { return options_; }

 private:
  Connection() = default;

  std::optional<llm::local::Server> server_;
  llm::bedrock::Options options_;
};

}  // namespace cli
