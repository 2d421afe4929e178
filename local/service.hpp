#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include <llm/local/server.hpp>

#include "base/time.hpp"
#include "local/frontend/router.hpp"
#include "local/http/message.hpp"
#include "local/journal/handled_request.hpp"
#include "local/script/rulebook.hpp"

namespace llm::local {

/// What the server adds to a request.
struct RequestContext {
  base::TimePoint now{};
  std::string request_id{};  ///< A UUID; the ids in the reply derive from it.
};

/// Turns requests into replies: everything that the server does except for the network. Nothing
/// here is shared with src/bedrock: client and server read the formats independently, so that each
/// checks the other. Safe from any thread.
class Service {
 public:
  explicit Service(ServerOptions options);

  /// The reply to a request. A failure is a reply too.
  [[nodiscard]] HandledRequest handle(const Request& request, RequestContext context) const;

  /// The rules, with the only mutable state.
  [[nodiscard]] Rulebook& rulebook() const { return *rulebook_; }

 private:
  /// Fills in `handled`. A clock fault changes `context.now`.
  void respond(const Route& where, const Request& request, RequestContext& context,
               HandledRequest& handled) const;
  /// Records the rule and puts its fault into the reply.
  void apply_rule(const RuleMatch& matched, HandledRequest& handled) const;

  ServerOptions options_;
  std::unique_ptr<Rulebook> rulebook_;
};

}  // namespace llm::local
