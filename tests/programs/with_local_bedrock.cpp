// Runs a command with a local Bedrock: `with_local_bedrock COMMAND ARGUMENT...`. The command sees
// the endpoint and credentials in its environment, an empty home directory, and nothing else of
// AWS. The stream for the prompt "Stall, please." stalls. Prints "with_local_bedrock: exit N" if
// the command does not exit with 0.
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include <llm/local/server.hpp>

namespace {

std::vector<std::string> environment(const std::string& url, const std::string& home) {
  std::vector<std::string> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    if (!text.starts_with("AWS_") && !text.starts_with("HOME=")) variables.emplace_back(text);
  }
  variables.push_back("HOME=" + home);
  variables.push_back("AWS_ENDPOINT_URL=" + url);
  variables.emplace_back("AWS_ACCESS_KEY_ID=local");
  variables.emplace_back("AWS_SECRET_ACCESS_KEY=local");
  variables.emplace_back("AWS_EC2_METADATA_DISABLED=true");
  return variables;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (std::string& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

}  // namespace

int main(int count, char** values) {
  if (count < 2) {
    std::cerr << "usage: with_local_bedrock COMMAND ARGUMENT...\n";
    return 2;
  }
  // Examples must work with the models that Bedrock still serves.
  auto server = llm::local::Server::start({.end_of_life = llm::local::EndOfLife::refuse});
  if (!server) {
    std::cerr << server.error().message << '\n';
    return 1;
  }
  server->add_rule({.match = {.prompt = "Stall, please."},
                    .fault = llm::local::fault::Stall{.after_events = 4}});
  std::string home = (std::filesystem::temp_directory_path() / "bedrock-home-XXXXXX").string();
  if (::mkdtemp(home.data()) == nullptr) return 1;

  auto variables = environment(server->url(), home);
  auto entries = pointers(variables);
  pid_t child = 0;
  if (::posix_spawn(&child, values[1], nullptr, nullptr, values + 1, entries.data()) != 0) return 1;
  int status = 0;
  ::waitpid(child, &status, 0);
  std::filesystem::remove_all(home);
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
  if (code != 0) std::cerr << "with_local_bedrock: exit " << code << '\n';
  return code;
}
