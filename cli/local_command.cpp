#include <fmt/format.h>

#include <csignal>
#include <string>
#include <utility>

#include <llm/local/server.hpp>

#include "accepted_credentials.hpp"
#include "arguments.hpp"
#include "commands.hpp"
#include "input_file.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

/// Waits for SIGINT or SIGTERM.
/// Requires: both signals are blocked in every thread.
void wait_for_signal(const sigset_t& signals) {
  int signal = 0;
  ::sigwait(&signals, &signal);
}

llm::Result<void> read_script(const std::string& path, llm::local::ServerOptions& options) {
  if (path.empty()) return {};
  const llm::Result<std::string> text = read_input_file(path);
  if (!text) return std::unexpected(text.error());
  auto rules = llm::local::parse_script(*text, path);
  if (!rules) return std::unexpected(rules.error());
  options.script = std::move(*rules);
  return {};
}

}  // namespace

ExitCode local_command(Arguments arguments) {
  llm::local::ServerOptions options;
  std::string script;
  std::string credentials;
  bool no_auth = false;
  bool end_of_life = false;
  CLI::App app(
      "Run a strict local Bedrock until Ctrl-C. Its access key id and secret access key are both "
      "`local`.",
      "bedrock local");
  app.add_option("--port", options.port, "Port to listen on; 0 picks a free one")
      ->capture_default_str();
  app.add_option("--address", options.address,
                 "IP address to listen on; a non-loopback address is reachable by others")
      ->capture_default_str();
  app.add_option("--script", script, "JSON file with completions to return and faults to inject");
  app.add_option("--credentials-file", credentials,
                 "File with more credentials to accept, like AWS's shared credentials file");
  app.add_flag("--journal-bodies", options.journal_bodies,
               "Keep request and response bodies, which contain prompts and completions");
  app.add_flag("--no-auth", no_auth, "Do not verify signatures");
  app.add_flag("--end-of-life", end_of_life, "Refuse models past their end of life");
  auto* certificate = app.add_option("--tls-cert", options.tls_certificate,
                                     "PEM file with a certificate; enables TLS");
  app.add_option("--tls-key", options.tls_private_key,
                 "PEM file with the private key; by default the certificate's file")
      ->needs(certificate);
  options.port = 0;
  if (const auto ended = parse(app, arguments)) return *ended;
  options.verify_signatures = !no_auth;
  if (end_of_life) options.end_of_life = llm::local::EndOfLife::refuse;
  if (const auto added = add_accepted_credentials(credentials, options); !added) {
    return fail(added.error(), Style::text);
  }
  if (const auto read = read_script(script, options); !read) return fail(read.error(), Style::text);

  // Blocked before the server starts threads, so that none of them receives the signal.
  sigset_t signals;
  ::sigemptyset(&signals);
  ::sigaddset(&signals, SIGINT);
  ::sigaddset(&signals, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  auto server = llm::local::Server::start(std::move(options));
  if (!server) return fail(server.error(), Style::text);
  Output output;
  if (!output.write(fmt::format("listening on {}\n", server->url()))) {
    return write_failure(output, Style::text);
  }
  wait_for_signal(signals);
  server->stop();
  return ExitCode::success;
}

}  // namespace cli
