#pragma once

#include <openssl/ssl.h>

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace llm::fault_matrix {

/// One cell, ready to be run.
struct Job {
  std::string
      group{};  ///< Cells of a group run at the same time; descriptors are counted after it.
  std::string name{};
  std::vector<std::pair<std::string_view, std::string>> dimensions{};
  std::function<std::string()> run{};  ///< What is wrong; empty: nothing.
  bool is_alone = false;               ///< Changes something that the whole process shares.
  bool has_limit = false;  ///< A short one, which a busy machine can pass at the wrong place.
};

[[nodiscard]] std::vector<Job> client_jobs(SSL_CTX* tls);
/// Of both servers of the local Bedrock, which run until the jobs are gone.
[[nodiscard]] std::vector<Job> server_jobs();

/// What became of the cells that ran.
struct Tally {
  std::size_t cells = 0;
  std::size_t repeated = 0;  ///< Cells with a short limit that were right the second time.
  std::vector<std::string> failures{};
};

/// Runs the jobs, group by group, a few at a time. Prints each failure at once.
[[nodiscard]] Tally run_all(const std::vector<Job>& jobs);

/// How many cells there are of each value of each dimension, a line each.
[[nodiscard]] std::string counts_by_dimension(const std::vector<Job>& jobs);

}  // namespace llm::fault_matrix
