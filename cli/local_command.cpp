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
  std::string text = "listening on " + url + '\n';
  if (!certificate) return text;
  const std::string path = certificate->path().string();
  text += "The certificate is self-signed and lasts for this run. Trust it in the client:\n";
  text += "  AWS_CA_BUNDLE=" + path + "        (bedrock, AWS CLI, boto3, Go)\n";
  return text + "  NODE_EXTRA_CA_CERTS=" + path + "  (Node.js)\n";
}

llm::Result<llm::local::ServerOptions> server_options(const Given& given) {
  llm::local::ServerOptions options;
  options.address = given.text(kAddress);
  options.port = static_cast<std::uint16_t>(given.integer(kPort).value_or(0));
  options.journal_bodies = given.has(kJournalBodies);
  options.verify_signatures = !given.has(kNoAuth);
  options.any_region = given.has(kAnyRegion);
  options.head_delay = std::chrono::milliseconds(given.integer(kHeadDelay).value_or(0));
  if (given.has(kEndOfLife)) options.end_of_life = llm::local::EndOfLife::refuse;
  options.self_signed_tls = given.has(kTls);
  options.tls_certificate = given.text(kTlsCert);
  options.tls_private_key = given.text(kTlsKey);
  if (auto added = add_accepted_credentials(given.text(kCredentialsFile), options); !added) {
    return std::unexpected(std::move(added.error()));
  }
  if (auto added = add_aliases(given.texts(kModelAlias), options); !added) {
    return std::unexpected(std::move(added.error()));
  }
  if (auto read = read_script(given.text(kScript), options); !read) {
    return std::unexpected(std::move(read.error()));
  }
  return options;
}

}  // namespace

ExitCode local_command(Arguments arguments) {
  const auto given = parse(kLocalCommand, arguments);
  if (!given) return given.error();
  auto options = server_options(*given);
  if (!options) return fail(options.error(), Style::text);

  // Blocked before the server starts threads, so that none of them receives the signal.
  sigset_t signals;
  ::sigemptyset(&signals);
  ::sigaddset(&signals, SIGINT);
  ::sigaddset(&signals, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  auto server = llm::local::Server::start(std::move(*options));
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
