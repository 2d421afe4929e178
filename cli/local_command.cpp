#include <fmt/format.h>

#include <chrono>
#include <csignal>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <llm/local/server.hpp>

#include "accepted_credentials.hpp"
#include "arguments.hpp"
#include "certificate_file.hpp"
#include "commands.hpp"
#include "input_file.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

constexpr int kMaxHeadDelayMs = 60'000;

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

/// Reads `ID=BASE`; a base contains no `=`.
llm::Result<void> add_aliases(const std::vector<std::string>& texts,
                              llm::local::ServerOptions& options) {
  for (const std::string& text : texts) {
    const std::size_t equals = text.rfind('=');
    if (equals == std::string::npos) {
      return std::unexpected(llm::make_error(llm::ErrorCode::configuration_error,
                                             "The model alias \"" + text + "\" has no \"=\".",
                                             "Write ID=BASE."));
    }
    options.model_aliases.push_back({text.substr(0, equals), text.substr(equals + 1)});
  }
  return {};
}

/// The file with the self-signed certificate, if the server has one.
llm::Result<std::optional<CertificateFile>> offer_certificate(const llm::local::Server& server) {
  const std::string pem = server.certificate();
  if (pem.empty()) return std::nullopt;
  llm::Result<CertificateFile> file = CertificateFile::write(pem);
  if (!file) return std::unexpected(file.error());
  return std::move(*file);
}

/// What is printed once the server listens. The first line is for programs.
std::string announcement(const std::string& url,
                         const std::optional<CertificateFile>& certificate) {
  std::string text = fmt::format("listening on {}\n", url);
  if (!certificate) return text;
  const std::string path = certificate->path().string();
  return text + fmt::format(
                    "The certificate is self-signed and lasts for this run. Trust it in the "
                    "client:\n"
                    "  AWS_CA_BUNDLE={0}        (bedrock, AWS CLI, boto3, Go)\n"
                    "  NODE_EXTRA_CA_CERTS={0}  (Node.js)\n",
                    path);
}

}  // namespace

ExitCode local_command(Arguments arguments) {
  llm::local::ServerOptions options;
  std::string script;
  std::string credentials;
  std::vector<std::string> aliases;
  bool no_auth = false;
  bool end_of_life = false;
  int head_delay_ms = 5;
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
  app.add_option("--model-alias", aliases,
                 "ID=BASE: serve BASE under another id or ARN, too; may be repeated")
      ->allow_extra_args(false);
  app.add_flag("--any-region", options.any_region,
               "Serve inference profiles of any geography in any region");
  app.add_flag("--end-of-life", end_of_life, "Refuse models past their end of life");
  app.add_option("--head-delay", head_delay_ms,
                 "Milliseconds before the head of a stream; with 0, some clients lose streams")
      ->check(CLI::Range(0, kMaxHeadDelayMs))
      ->capture_default_str();
  auto* self_signed = app.add_flag("--tls", options.self_signed_tls,
                                   "Serve TLS with a self-signed certificate, made for this run");
  auto* certificate = app.add_option("--tls-cert", options.tls_certificate,
                                     "PEM file with a certificate; enables TLS")
                          ->excludes(self_signed);
  app.add_option("--tls-key", options.tls_private_key,
                 "PEM file with the private key; by default the certificate's file")
      ->needs(certificate);
  options.port = 0;
  if (const auto ended = parse(app, arguments)) return *ended;
  options.verify_signatures = !no_auth;
  options.head_delay = std::chrono::milliseconds(head_delay_ms);
  if (end_of_life) options.end_of_life = llm::local::EndOfLife::refuse;
  if (const auto added = add_accepted_credentials(credentials, options); !added) {
    return fail(added.error(), Style::text);
  }
  if (const auto added = add_aliases(aliases, options); !added) {
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
  const llm::Result<std::optional<CertificateFile>> offered = offer_certificate(*server);
  if (!offered) return fail(offered.error(), Style::text);
  Output output;
  if (!output.write(announcement(server->url(), *offered))) {
    return write_failure(output, Style::text);
  }
  wait_for_signal(signals);
  server->stop();
  return ExitCode::success;
}

}  // namespace cli
