#include <fmt/format.h>

#include <csignal>
#include <string>
#include <utility>

#include <llm/local/server.hpp>

#include "arguments.hpp"
#include "commands.hpp"
#include "input_file.hpp"
#include "local_credentials.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

/// Waits for Ctrl-C or a polite request to end.
/// Requires: both signals are blocked in every thread.
void wait_for_end(const sigset_t& signals) {
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

ExitCode local_command(std::span<const std::string> arguments) {
  llm::local::ServerOptions options;
  std::string script;
  std::string credentials;
  bool no_auth = false;
  bool end_of_life = false;
  CLI::App app("Run a strict local Bedrock. Its key id and secret are both `local`.",
               "bedrock local");
  app.add_option("--port", options.port, "Port; 0 takes any free one")->capture_default_str();
  app.add_option("--address", options.address,
                 "IP address; another than a loopback one lets others in")
      ->capture_default_str();
  app.add_option("--script", script, "JSON file that says what to answer and what to break");
  app.add_option("--credentials-file", credentials,
                 "File with further keys to accept, like AWS's shared credentials file");
  app.add_flag("--journal-bodies", options.journal_bodies,
               "List requests with their bodies, which hold prompts and answers");
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
  if (const auto added = add_keys(credentials, options); !added) {
    return fail(added.error(), Style::text);
  }
  if (const auto read = read_script(script, options); !read) return fail(read.error(), Style::text);

  // Blocked before the server makes threads, so that none of them takes the signal.
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
  wait_for_end(signals);
  server->stop();
  return ExitCode::success;
}

}  // namespace cli
