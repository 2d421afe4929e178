#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <llm/bedrock/client.hpp>
#include <llm/client.hpp>
#include <llm/error.hpp>
#include <llm/local/server.hpp>

namespace cli {

/// Options that every command with a connection has; named as the AWS CLI names them.
struct ConnectionOptions {
  std::string profile;
  std::string region;
  std::string endpoint_url;
  std::string model;
  std::string base_model;
  std::string catalogue;
  std::string api;
  std::string lint;
  std::vector<std::string> lint_off;
  bool local = false;
  bool debug = false;

  void add_to(CLI::App& app);
  /// Those of a command that is about a model and no chat.
  void add_model_to(CLI::App& app);
  /// Those of a command that is about no one model.
  void add_place_to(CLI::App& app);
};

/// Where calls go: Amazon Bedrock, or with `--local` a local Bedrock that lives as long as this.
class Connection {
 public:
  /// Errors: configuration_error.
  [[nodiscard]] static llm::Result<Connection> open(const ConnectionOptions& options);
  /// The same without a model. Errors: configuration_error.
  [[nodiscard]] static llm::Result<Connection> open_place(const ConnectionOptions& options);

  [[nodiscard]] const llm::bedrock::Options& options() const { return options_; }
  [[nodiscard]] llm::Result<llm::Client> client() const;

 private:
  Connection() = default;

  std::optional<llm::local::Server> server_;
  llm::bedrock::Options options_;
};

}  // namespace cli
