#include <llm/local/server.hpp>

#include <sys/resource.h>

#include <array>
#include <bit>
#include <chrono>
#include <cstddef>
#include <mutex>
#include <random>
#include <utility>

#include "base/errors.hpp"
#include "base/uuid.hpp"
#include "local/http/listener.hpp"
#include "local/http/self_signed.hpp"
#include "local/journal/admin.hpp"
#include "local/journal/journal.hpp"
#include "local/service.hpp"

namespace llm::local {
namespace {

/// Every connection takes a descriptor, and the soft limit is often 1,024.
void raise_open_files() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  (void)setrlimit(RLIMIT_NOFILE, &limit);
}

std::array<std::byte, 16> random_16(std::mt19937_64& random) {
  return std::bit_cast<std::array<std::byte, 16>>(std::array{random(), random()});
}

}  // namespace

/// Service, listener, counts and journal. Never moves: the listener's thread refers to it.
class Server::State {
 public:
  explicit State(ServerOptions options)
      : address_(options.address),
        tls_{.certificate = options.tls_certificate, .private_key = options.tls_private_key},
        self_signed_tls_(options.self_signed_tls),
        journal_bodies_(options.journal_bodies),
        journal_({.entries = options.journal_size, .bytes = options.journal_bytes}),
        service_(std::move(options)),
        random_(std::random_device{}()) {}

  Result<void> start(std::uint16_t port) {
    if (auto checked = service_.check_aliases(); !checked) return checked;
    // Before a certificate is made for it.
    if (auto checked = check_address(address_); !checked) return checked;
    if (self_signed_tls_) {
      if (auto made = make_certificate(); !made) return made;
    }
    Result<std::unique_ptr<Listener>> opened =
        Listener::open(address_, port,
                       {.on_connection = [this] { count_connection(); },
                        .on_request = [this](const Request& request) { return serve(request); }},
                       tls_);
    if (!opened) return std::unexpected(opened.error());
    listener_ = std::move(*opened);
    return {};
  }

  void stop() { listener_->stop(); }
  std::uint16_t port() const { return listener_->port(); }

  std::string url() const {
    const bool is_ipv6 = address_.find(':') != std::string::npos;
    const std::string scheme = tls_.enabled() ? "https://" : "http://";
    return scheme + (is_ipv6 ? "[" + address_ + "]" : address_) + ":" + std::to_string(port());
  }

  const std::string& certificate() const { return certificate_; }

  ServerCounts counts() const {
    const std::scoped_lock lock(mutex_);
    return counts_;
  }

  Rulebook& rulebook() { return service_.rulebook(); }

  void clear() {
    service_.clear();
    const std::scoped_lock lock(mutex_);
    counts_ = {};
    journal_.clear();
  }

  std::vector<JournalEntry> journal() const {
    const std::scoped_lock lock(mutex_);
    return journal_.entries();
  }

 private:
  Result<void> make_certificate() {
    if (!tls_.certificate.empty()) {
      return base::configuration_error(
          "Both a certificate file and a self-signed certificate were requested.",
          "Use one of them.");
    }
    Result<SelfSigned> made = make_self_signed(address_, std::chrono::system_clock::now());
    if (!made) return std::unexpected(made.error());
    tls_.pem = made->certificate + made->private_key;
    certificate_ = std::move(made->certificate);
    return {};
  }

  void count_connection() {
    const std::scoped_lock lock(mutex_);
    ++counts_.connections;
  }

  /// Runs on the listener's thread only, so `random_` needs no lock.
  Reply serve(const Request& request) {
    if (request.defect == Defect::none && is_admin(request)) {
      return administer(request, address_, admin_actions());
    }
    const auto now = std::chrono::system_clock::now();
    HandledRequest handled =
        service_.handle(request, {.now = now, .request_id = base::uuid_v4(random_16(random_))});
    JournalEntry entry = journal_entry(request, handled, now);
    if (journal_bodies_) record_bodies(request, handled, entry);
    const std::scoped_lock lock(mutex_);
    journal_.add(std::move(entry));
    ++counts_.requests;
    ++counts_.by_status[handled.reply.status];
    return std::move(handled.reply);
  }

  std::uint64_t dropped() const {
    const std::scoped_lock lock(mutex_);
    return journal_.dropped();
  }

  AdminActions admin_actions() {
    return {.journal = [this] { return journal(); },
            .dropped = [this] { return dropped(); },
            .faults = [this] { return rulebook().faults(); },
            .add_rule = [this](Rule rule) { rulebook().add(std::move(rule)); },
            .clear = [this] { clear(); }};
  }

  std::string address_;
  TlsSource tls_;
  bool self_signed_tls_ = false;
  std::string certificate_;  ///< The self-signed one, as PEM.
  bool journal_bodies_ = false;
  Journal journal_;  ///< Guarded by the mutex, like the counts.
  Service service_;
  std::mt19937_64 random_;
  mutable std::mutex mutex_;
  ServerCounts counts_;
  std::unique_ptr<Listener> listener_;  // Last, because its thread uses everything above.
};

Result<Server> Server::start(ServerOptions options) {
  raise_open_files();
  const std::uint16_t port = options.port;
  auto state = std::make_unique<State>(std::move(options));
  if (auto started = state->start(port); !started) return std::unexpected(started.error());
  return Server(std::move(state));
}

Server::Server(std::unique_ptr<State> state) : state_(std::move(state)) {}
Server::Server(Server&&) noexcept = default;
Server& Server::operator=(Server&&) noexcept = default;
Server::~Server() = default;

std::uint16_t Server::port() const { return state_->port(); }
std::string Server::url() const { return state_->url(); }
std::string Server::certificate() const { return state_->certificate(); }
ServerCounts Server::counts() const { return state_->counts(); }
void Server::add_rule(Rule rule) { state_->rulebook().add(std::move(rule)); }
std::map<std::string, std::uint64_t> Server::faults() const { return state_->rulebook().faults(); }
std::vector<JournalEntry> Server::journal() const { return state_->journal(); }
void Server::clear() { state_->clear(); }
void Server::stop() { state_->stop(); }

}  // namespace llm::local
