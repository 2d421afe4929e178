#include "tests/fault_matrix/client_run.hpp"
#include "tests/fault_matrix/expected.hpp"
#include "tests/fault_matrix/job.hpp"

namespace llm::fault_matrix {

namespace {

std::string group_of(const ClientCell& cell) {
  const bool is_exhaustion = cell.fault == Fault::descriptors || cell.fault == Fault::memory;
  return std::string(is_exhaustion ? name_of(cell.fault) : name_of(cell.place));
}

}  // namespace

std::vector<Job> client_jobs(SSL_CTX* tls) {
  std::vector<Job> jobs;
  for (const ClientCell& cell : client_cells()) {
    const auto text = [](std::string_view name) { return std::string(name); };
    jobs.push_back({.group = "client/" + group_of(cell),
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
                    .run = [cell, tls] { return run(cell, tls); },
                    .is_alone = cell.fault == Fault::descriptors,
                    .has_limit = expected(cell).limit != Limit::none});
  }
  return jobs;
}

}  // namespace llm::fault_matrix
