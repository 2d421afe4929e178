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

/// What the admin endpoint does with the server.
struct AdminActions {
  std::function<std::vector<JournalEntry>()> journal{};
  std::function<std::map<std::string, std::uint64_t>()> faults{};
  std::function<void(Rule)> add_rule{};
  std::function<void()> clear{};
};

/// True for the paths of the admin endpoint, `/_local/...`, which AWS does not have.
[[nodiscard]] bool is_admin(const Request& request);

/// Answers a request to the admin endpoint of a server on `address`, in JSON. Refuses what a web
/// page could have sent: an Origin, a Host that is not a loopback address (DNS rebinding), a POST
/// that is no application/json. Refuses everything when the server is open to others.
[[nodiscard]] Reply administer(const Request& request, std::string_view address,
                               const AdminActions& actions);

}  // namespace llm::local
