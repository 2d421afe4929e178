// Writes what is installed beside the command: `make_pages FOLDER` its manual pages and
// completions, `make_pages --docs FILE` docs/command.md.

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "cli/options/command_table.hpp"
#include "cli/options/complete.hpp"
#include "cli/options/pages.hpp"

namespace {

bool write(const std::filesystem::path& path, std::string_view text) {
  std::error_code ignored;
  std::filesystem::create_directories(path.parent_path(), ignored);
  std::ofstream file(path, std::ios::binary);
  file << text;
  return static_cast<bool>(file.flush());
}

bool write_all(const std::filesystem::path& folder) {
  const auto manual = folder / "man/man1";
  bool written = write(manual / "bedrock.1", cli::manual_page(BEDROCK_VERSION));
  for (const cli::CommandOptions* const command : cli::kAllCommands) {
    const std::string name = "bedrock-" + std::string(command->name) + ".1";
    written = write(manual / name, cli::manual_page(*command, BEDROCK_VERSION)) && written;
  }
  written = write(folder / "bash-completion/completions/bedrock", cli::completion_script("bash")) &&
            written;
  written =
      write(folder / "zsh/vendor-completions/_bedrock", cli::completion_script("zsh")) && written;
  return write(folder / "fish/vendor_completions.d/bedrock.fish", cli::completion_script("fish")) &&
         written;
}

}  // namespace

int main(int count, char** values) {
  const std::string first = count > 1 ? values[1] : "";
  if (count == 3 && first == "--docs") return write(values[2], cli::docs_page()) ? 0 : 1;
  if (count == 2) return write_all(first) ? 0 : 1;
  std::fputs("usage: make_pages FOLDER | make_pages --docs FILE\n", stderr);
  return 2;
}
