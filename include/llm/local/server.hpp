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

/// A key pair that the server accepts.
struct AcceptedCredentials {
  std::string access_key_id = "local";
  Secret secret_access_key{std::string("local")};
  Secret session_token{};  ///< Not empty: requests must carry it.
};

/// What becomes of models that Bedrock has no more.
enum class EndOfLife {
  serve,
  refuse,  ///< As Bedrock does, from the day that it has announced.
};

/// How to run the local Bedrock.
struct ServerOptions {
  std::string address = "127.0.0.1";  ///< An IP address; another one opens the server to others.
  std::uint16_t port = 0;             ///< 0: any free one.
  std::vector<AcceptedCredentials> keys{AcceptedCredentials{}};
  std::vector<Secret> api_keys{};  ///< Bearer keys.
  bool verify_signatures = true;
  std::string region{};               ///< The one region that signatures must name; empty: any.
  std::chrono::milliseconds pace{0};  ///< Pause before each event of a stream.
  std::vector<Rule> script{};         ///< What to answer, and what to break.
  std::size_t journal_size = 1000;    ///< So many requests are remembered, the latest.
  bool journal_bodies = false;        ///< With their bodies, which hold prompts and answers.
  EndOfLife end_of_life = EndOfLife::serve;
  std::string tls_certificate{};  ///< A PEM file: the server speaks TLS with it.
  std::string tls_private_key{};  ///< A PEM file; empty: the key is in the certificate's.
};

/// What the server has seen so far.
struct ServerCounts {
  std::uint64_t connections = 0;
  std::uint64_t requests = 0;
  std::map<int, std::uint64_t> by_status{};
};

/// A strict local Bedrock in this process, on a thread of its own: Bedrock and Bedrock Runtime on
/// one port. Movable; stops when destroyed.
class Server {
 public:
  /// Binds and begins to serve. Raises this process's soft limit of open files to the hard one.
  /// Errors: configuration_error when the address cannot be bound or the certificate not be used.
  [[nodiscard]] static Result<Server> start(ServerOptions options = {});

  Server(Server&&) noexcept;
  Server& operator=(Server&&) noexcept;
  ~Server();

  [[nodiscard]] std::uint16_t port() const;
  /// `http://127.0.0.1:PORT`; `https` with a certificate.
  [[nodiscard]] std::string url() const;
  [[nodiscard]] ServerCounts counts() const;

  /// Adds a rule behind those that are there.
  void add_rule(Rule rule);
  /// How often each fault of a rule happened, by fault_name.
  [[nodiscard]] std::map<std::string, std::uint64_t> faults() const;
  /// The requests that it remembers, the oldest first.
  [[nodiscard]] std::vector<JournalEntry> journal() const;
  /// Forgets the rules and what `counts`, `faults` and `journal` tell; calls count from 1 again.
  void clear();

  /// Closes the listener and every connection; returns when all is quiet. May be called twice.
  /// A stream that is still running ends unfinished: its peer sees that the end is missing.
  void stop();

 private:
  class State;
  explicit Server(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace llm::local
