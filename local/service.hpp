#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include <llm/local/server.hpp>

#include "base/time.hpp"
#include "local/frontend/router.hpp"
#include "local/guardrails/store.hpp"
#include "local/http/message.hpp"
#include "local/journal/handled_request.hpp"
#include "local/model/prompt_cache.hpp"
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

  /// Errors: configuration_error when the base of an alias is unknown.
  [[nodiscard]] Result<void> check_aliases() const;

  /// The rules.
  [[nodiscard]] Rulebook& rulebook() const { return *rulebook_; }
  /// Forgets the rules, the counts, the cached prompts and the guardrails.
  void clear() const;

 private:
  /// Fills in `handled`. A clock fault changes `context.now`.
  void respond(const Route& where, const Request& request, RequestContext& context,
               HandledRequest& handled) const;
  /// Records the rule and puts its fault into the reply.
  void apply_rule(const RuleMatch& matched, HandledRequest& handled) const;

  /// The identifier that an alias stands for, or the identifier itself.
  [[nodiscard]] std::string_view base_of(std::string_view identifier) const;
  /// Splits the tokens of the prompt by what the cache has of it for this model and access key id.
  void use_cache(const Route& where, const std::string& access_key_id, const Prompt& prompt,
                 base::TimePoint now, PromptCache::Keep keep, Completion& completion) const;

  ServerOptions options_;
  std::unique_ptr<Rulebook> rulebook_;
  std::unique_ptr<PromptCache> cache_;
  std::unique_ptr<GuardrailStore> guardrails_;
};

}  // namespace llm::local
