// The fault matrix: every place of an exchange x every fault x how it is met. Each cell has to end
// in the one right error within its limit, and the next call has to work.
//
//   fault_matrix [--tenth SEED] [--only TEXT] [--list]
//
// Ten seeds that follow one another run every cell once; `today` is BEDROCK_MATRIX_SEED, else the
// day of the year. Exit codes: 1, a cell failed; 2, wrong arguments, or no such cell.
#include <openssl/pem.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <iostream>
#include <iterator>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

#include "json/reader.hpp"
#include "tests/fault_matrix/cell.hpp"
#include "tests/fault_matrix/job.hpp"
#include "tests/fault_matrix/server_cell.hpp"
#include "tests/support/openssl_pointer.hpp"
#include "tests/support/self_signed.hpp"
#include "tests/support/temporary_directory.hpp"

namespace llm::fault_matrix {
namespace {

struct Arguments {
  std::optional<unsigned> seed{};
  std::string only{};
  bool is_list = false;
};

/// nullopt: neither a number nor `today`.
std::optional<unsigned> seed_of(std::string_view word) {
  const char* const given = ::getenv("BEDROCK_MATRIX_SEED");
  if (word == "today" && given != nullptr) word = given;
  if (word != "today") {
    unsigned seed = 0;
    const char* const end = word.data() + word.size();
    const auto [rest, failure] = std::from_chars(word.data(), end, seed);
    if (failure != std::errc() || rest != end) return std::nullopt;
    return seed;
  }
  const auto day = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  const std::chrono::year_month_day date(day);
  const std::chrono::sys_days new_year(date.year() / std::chrono::January / 1);
  return static_cast<unsigned>((day - new_year).count()) + 1;
}

std::optional<Arguments> read_arguments(std::span<char* const> words) {
  Arguments arguments;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = words[i];
    const bool has_value = i + 1 < words.size();
    if (word == "--list") {
      arguments.is_list = true;
    } else if (word == "--only" && has_value) {
      arguments.only = words[++i];
    } else if (word == "--tenth" && has_value) {
      arguments.seed = seed_of(words[++i]);
      if (!arguments.seed) return std::nullopt;
    } else {
      return std::nullopt;
    }
  }
  return arguments;
}

/// FNV-1a.
std::uint32_t hash_of(std::string_view text) {
  std::uint32_t hash = 2'166'136'261U;
  for (const char letter : text) {
    hash = (hash ^ static_cast<unsigned char>(letter)) * 16'777'619U;
  }
  return hash;
}

/// A TLS server's settings, and its certificate in a file that clients trust.
test_support::TlsContextPointer make_tls(const std::filesystem::path& trusted) {
  const test_support::KeyPair pair = test_support::self_signed("IP:127.0.0.1");
  test_support::write_file(trusted, pair.certificate_pem);
  const test_support::MemoryPointer key_text(BIO_new_mem_buf(pair.key_pem.data(), -1));
  const test_support::MemoryPointer text(BIO_new_mem_buf(pair.certificate_pem.data(), -1));
  const test_support::KeyPointer key(
      PEM_read_bio_PrivateKey(key_text.get(), nullptr, nullptr, nullptr));
  const test_support::CertificatePointer certificate(
      PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr));
  test_support::TlsContextPointer tls(SSL_CTX_new(TLS_server_method()));
  if (SSL_CTX_use_certificate(tls.get(), certificate.get()) != 1 ||
      SSL_CTX_use_PrivateKey(tls.get(), key.get()) != 1) {
    throw std::runtime_error("no certificate for the server");
  }
  return tls;
}

/// Nothing of this machine's configuration counts.
void prepare_environment(const std::filesystem::path& home) {
  ::clearenv();
  ::setenv("HOME", home.c_str(), 1);
  ::setenv("AWS_EC2_METADATA_DISABLED", "true", 1);
  ::setenv("AWS_CA_BUNDLE", (home / "trusted.pem").c_str(), 1);
}

std::vector<Job> chosen_jobs(const Arguments& arguments, SSL_CTX* tls) {
  std::vector<Job> jobs = client_jobs(tls);
  std::ranges::move(server_jobs(), std::back_inserter(jobs));
  std::erase_if(jobs, [&](const Job& job) {
    if (!job.name.contains(arguments.only)) return true;
    return arguments.seed && (hash_of(job.name) + *arguments.seed) % 10 != 0;
  });
  return jobs;
}

void print_impossible() {
  const auto print = [](const std::vector<Impossible>& all) {
    for (const Impossible& cells : all) {
      std::cout << "cannot be: " << cells.what << ": " << cells.why << '\n';
    }
  };
  print(impossible_client_cells());
  print(impossible_server_cells());
}

int run_matrix(const Arguments& arguments) {
  const auto begun = std::chrono::steady_clock::now();
  const test_support::TemporaryDirectory home;
  const test_support::TlsContextPointer tls = make_tls(home.path() / "trusted.pem");
  prepare_environment(home.path());
  // On its first use simdjson detects the CPU, and terminates the process if that allocation fails.
  (void)json::Parser().parse("{}");
  const std::vector<Job> jobs = chosen_jobs(arguments, tls.get());
  if (jobs.empty()) {
    std::cerr << "fault_matrix: no cell's name contains \"" << arguments.only << "\"; see --list\n";
    return 2;
  }
  if (arguments.is_list) {
    for (const Job& job : jobs) std::cout << job.name << '\n';
    print_impossible();
    return 0;
  }
  if (arguments.seed) std::cout << "a tenth, seed " << *arguments.seed << '\n';
  const Tally tally = run_all(jobs);
  print_impossible();
  std::cout << counts_by_dimension(jobs);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
  std::cout << "fault matrix: " << tally.cells << " cells, " << tally.failures.size()
            << " failures, " << tally.repeated << " right the second time, "
            << static_cast<int>(took.count()) << " s\n";
  return tally.failures.empty() ? 0 : 1;
}

}  // namespace
}  // namespace llm::fault_matrix

int main(int count, char** words) {
  const auto arguments = llm::fault_matrix::read_arguments(
      std::span<char* const>(words + 1, static_cast<std::size_t>(count - 1)));
  if (!arguments) {
    std::cerr << "usage: fault_matrix [--tenth SEED] [--only TEXT] [--list]\n";
    return 2;
  }
  return llm::fault_matrix::run_matrix(*arguments);
}
