#include "tests/fault_matrix/client_run.hpp"
#include "tests/fault_matrix/job.hpp"

namespace llm::fault_matrix {

std::vector<Job> client_jobs(SSL_CTX* tls) {
  std::vector<Job> jobs;
  for (const ClientCell& cell : client_cells()) {
    const auto text = [](std::string_view name) { return std::string(name); };
    jobs.push_back({.group = "client/" + text(name_of(cell.place)),
                    .name = name_of(cell),
                    .dimensions = {{"side", "client"},
                                   {"place", text(name_of(cell.place))},
                                   {"fault", text(name_of(cell.fault))},
                                   {"position", text(name_of(cell.position))},
                                   {"mode", text(name_of(cell.mode))},
                                   {"framing", text(name_of(cell.framing))},
                                   {"security", text(name_of(cell.security))},
                                   {"driver", text(name_of(cell.driver))},
                                   {"retries", text(name_of(cell.retries))}},
                    .run = [cell, tls] { return run(cell, tls); }});
  }
  return jobs;
}

}  // namespace llm::fault_matrix
