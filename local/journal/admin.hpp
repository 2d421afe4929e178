#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <llm/local/journal.hpp>
#include <llm/local/script.hpp>

#include "local/http/message.hpp"

namespace llm::local {

/// The actions of the admin endpoint on the server.
struct AdminActions {
  std::function<std::vector<JournalEntry>()> journal{};
  std::function<std::uint64_t()> dropped{};  ///< Entries that the journal no longer has.
  std::function<std::map<std::string, std::uint64_t>()> faults{};
  std::function<void(Rule)> add_rule{};
  std::function<void()> clear{};
};

/// True for the paths of the admin endpoint, `/_local/...`, which AWS does not have.
[[nodiscard]] bool is_admin(const Request& request);

/// Handles a request to the admin endpoint of a server that listens on `address`. Replies in JSON.
/// Refuses what a web page could send: an Origin, a Host that is not a loopback address (DNS
/// rebinding), a POST that is not application/json. Refuses everything unless `address` is a
/// loopback address.
[[nodiscard]] Reply administer(const Request& request, std::string_view address,
                               const AdminActions& actions);

}  // namespace llm::local
