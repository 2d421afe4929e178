#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <llm/error.hpp>
#include <llm/local/journal.hpp>
#include <llm/local/script.hpp>
#include <llm/secret.hpp>

namespace llm::local {

/// Credentials that the server accepts.
struct AcceptedCredentials {
  std::string access_key_id = "local";
  Secret secret_access_key{std::string("local")};
  Secret session_token{};  ///< If not empty, requests must carry it.
};

/// How models past their end of life are treated.
enum class EndOfLife {
  serve,
  refuse,  ///< As Bedrock does, from the announced day on.
};

/// Another name of a model, e.g. the ARN of an application inference profile.
struct ModelAlias {
  std::string id{};
  std::string base{};  ///< A model id or an inference profile that the server knows.
};

/// How to run the local Bedrock.
struct ServerOptions {
  std::string address = "127.0.0.1";  ///< IP address to listen on; if it is not a loopback
                                      ///< address, other machines can reach the server.
  std::uint16_t port = 0;             ///< 0: any free port.
  std::vector<AcceptedCredentials> credentials{AcceptedCredentials{}};
  std::vector<ModelAlias> model_aliases{};
  std::vector<Secret> api_keys{};  ///< Bedrock API keys that the server accepts.
  bool verify_signatures = true;
  std::string region{};               ///< Region that signatures must name; empty: any.
  bool any_region = false;            ///< Serve inference profiles of other geographies than the
                                      ///< signature's region, too.
  std::chrono::milliseconds pace{0};  ///< Pause before each event of a stream.
  std::chrono::milliseconds head_delay{0};  ///< Pause before the head of a stream. The AWS SDK for
                                            ///< Go loses streams whose head comes at once.
  std::vector<Rule> script{};               ///< Completions to return and faults to inject.
  std::size_t journal_size = 1000;          ///< Maximum number of most recent requests kept.
  std::size_t journal_bytes =
      64 * 1024 * 1024;         ///< Maximum size of these requests together; the oldest go first.
  bool journal_bodies = false;  ///< Keep bodies too, which contain prompts and completions.
  EndOfLife end_of_life = EndOfLife::serve;
  std::string tls_certificate{};  ///< PEM file; if set, the server uses TLS.
  std::string tls_private_key{};  ///< PEM file; empty: the key is in the certificate's file.
  /// Use TLS with a self-signed certificate for `localhost` and `address`, made at the start.
  bool self_signed_tls = false;
};

/// What the server has counted so far.
struct ServerCounts {
  std::uint64_t connections = 0;
  std::uint64_t requests = 0;
  std::map<int, std::uint64_t> by_status{};
};

/// A strict local Bedrock in this process, running on its own thread: Bedrock and Bedrock Runtime
/// on one port. Movable; stops when destroyed. Except for
/// `stop`, member functions may be called from any thread.
class Server {
 public:
  /// Binds the address and starts serving. Raises the soft limit of open files of this process to
  /// its hard limit. Errors: configuration_error if the address cannot be bound, the certificate
  /// cannot be used or made, there are two, or the base of an alias is unknown.
  [[nodiscard]] static Result<Server> start(ServerOptions options = {});

  Server(Server&&) noexcept;
  Server& operator=(Server&&) noexcept;
  ~Server();

  [[nodiscard]] std::uint16_t port() const;
  /// `http://127.0.0.1:PORT`; `https` with a certificate.
  [[nodiscard]] std::string url() const;
  /// The self-signed certificate as PEM, for clients to trust; empty without one.
  [[nodiscard]] std::string certificate() const;
  [[nodiscard]] ServerCounts counts() const;

  /// Adds a rule after the existing ones.
  void add_rule(Rule rule);
  /// How often each fault was injected, by `fault_name`.
  [[nodiscard]] std::map<std::string, std::uint64_t> faults() const;
  /// The requests kept, oldest first.
  [[nodiscard]] std::vector<JournalEntry> journal() const;
  /// Discards the rules and resets `counts`, `faults` and `journal`; calls count from 1 again.
  void clear();

  /// Closes the listener and all connections, and waits until everything has stopped. May be called
  /// twice. A running stream is cut off: the client sees that its end is missing.
  void stop();

 private:
  class State;
  explicit Server(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace llm::local
