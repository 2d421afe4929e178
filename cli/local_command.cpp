#include <fmt/format.h>

#include <csignal>
#include <string>

#include <llm/local/server.hpp>

#include "arguments.hpp"
#include "commands.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

/// Waits for Ctrl-C or a polite request to end.
/// Requires: both signals are blocked in every thread.
void wait_for_end(const sigset_t& signals) {
  int signal = 0;
  ::sigwait(&signals, &signal);
}

}  // namespace

ExitCode local_command(std::span<const std::string> arguments) {
  llm::local::ServerOptions options;
  bool no_auth = false;
  bool end_of_life = false;
  CLI::App app("Run a strict local Bedrock. Its key id and secret are both `local`.",
               "bedrock local");
  app.add_option("--port", options.port, "Port; 0 takes any free one")->capture_default_str();
  app.add_flag("--no-auth", no_auth, "Verify no signatures");
  app.add_flag("--end-of-life", end_of_life, "Refuse models past their end of life");
  auto* certificate = app.add_option("--tls-cert", options.tls_certificate,
                                     "Speak TLS with the certificate of this PEM file");
  app.add_option("--tls-key", options.tls_private_key,
                 "PEM file of its key; without it the key is in the certificate's file")
      ->needs(certificate);
  options.port = 0;
  if (const auto ended = parse(app, arguments)) return *ended;
  options.verify_signatures = !no_auth;
  if (end_of_life) options.end_of_life = llm::local::EndOfLife::refuse;

  // Blocked before the server makes threads, so that none of them takes the signal.
  sigset_t signals;
  ::sigemptyset(&signals);
  ::sigaddset(&signals, SIGINT);
  ::sigaddset(&signals, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  auto server = llm::local::Server::start(std::move(options));
  if (!server) {
    report(server.error(), Style::text);
    return exit_code(server.error().code);
  }
  Output output;
  if (!output.write(fmt::format("listening on {}\n", server->url()))) {
    return output.closed() ? ExitCode::success : ExitCode::internal;
  }
  wait_for_end(signals);
  server->stop();
  return ExitCode::success;
}

}  // namespace cli
