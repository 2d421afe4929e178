#include <memory>

#include <llm/local/server.hpp>

#include "tests/fault_matrix/job.hpp"
#include "tests/fault_matrix/server_run.hpp"

namespace llm::fault_matrix {
namespace {

struct Servers {
  static local::ServerOptions options(bool with_tls) {
    local::ServerOptions options;
    options.verify_signatures = false;
    options.self_signed_tls = with_tls;
    options.head_delay = std::chrono::milliseconds(0);
    return options;
  }

  local::Server plain = *local::Server::start(options(false));
  local::Server tls = *local::Server::start(options(true));
};

}  // namespace

std::vector<Job> server_jobs() {
  const auto servers = std::make_shared<Servers>();
  std::vector<Job> jobs;
  for (const ServerCell& cell : server_cells()) {
    const auto text = [](std::string_view name) { return std::string(name); };
    const local::Server& server = cell.security == Security::tls ? servers->tls : servers->plain;
    jobs.push_back({.group = "server/" + text(name_of(cell.place)),
                    .name = name_of(cell),
                    .dimensions = {{"side", text(name_of(cell.protocol)) + " server"},
                                   {"place", text(name_of(cell.place))},
                                   {"fault", text(name_of(cell.fault))},
                                   {"position", text(name_of(cell.position))},
                                   {"mode", text(name_of(cell.mode))},
                                   {"framing", text(name_of(cell.framing))},
                                   {"security", text(name_of(cell.security))}},
                    .run = [cell, servers, port = server.port()] { return run(cell, port); }});
  }
  return jobs;
}

}  // namespace llm::fault_matrix
