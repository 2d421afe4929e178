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

// The local Bedrock, from the wire inwards:
//
//   listener     HTTP on Boost.Asio, one thread, one coroutine a connection. It makes a Request of
//                bytes and bytes of a Reply, and knows nothing of AWS.
//     connection       bytes in clear or under TLS; with the listener and the two sessions all that
//                      includes Boost
//     http1_session    HTTP/1.1 with Boost.Beast
//     http2_session    HTTP/2: the glue between nghttp2 and Asio
//   service      Request → Reply. Pure but for its rulebook: it knows its options and the
//   RequestContext.
//     rulebook         which rule of the script a request meets; counts
//     scripted_completion  what that rule says; faults what goes wrong with the reply
//     router           which operation; splits the path before it decodes it
//     authentication   SigV4 worked out again, bearer keys, in the words of AWS's front end
//     invoke           InvokeModel, InvokeModelWithResponseStream; event-stream frames
//       invoke_headers   guardrail, latency and tier, as the headers name them
//       models           the server's own table of models; model_table is its data
//       form             one file a wire form: claude_messages, claude_text, titan_text, llama.
//                        read: body → Prompt, or a Refusal in Bedrock's words;
//                        whole, pieces: Completion → reply
//     converse         Converse, ConverseStream: one form for every model
//       shapes, service_model    what AWS says that a request may hold
//       converse_request     system, inference, tools; converse_messages, converse_media the rest
//       guardrail            names of guardrails, and the trace of one that does nothing
//       response_fields      what of the model's own reply was asked for besides
//       converse_reply       Completion → reply or events
//       answer           Prompt → Completion, the same for every wire form
//     embeddings       InvokeModel of models that make vectors, one file a family
//     count_tokens     CountTokens: reads as invoke or converse do, and counts
//     apply_guardrail  ApplyGuardrail: an echo
//     control_plane    ListFoundationModels, GetFoundationModel, GetFoundationModelAvailability
//       inference_profiles   ListInferenceProfiles, GetInferenceProfile
//   admin        /_local/...: lists requests and faults, takes rules; never for a web page
//   journal      what is remembered of an exchange, secrets left out
//   server       what users start: a service, a listener, counts, a journal
//
// A Reply is data down to its frames and their delays, so what goes wrong on the wire can be
// prepared like everything else. Nothing here is shared with src/bedrock: client and server read
// the formats independently, and each is the other's witness.

/// What a request does not say about itself.
struct RequestContext {
  base::TimePoint now{};
  std::string request_id{};  ///< A UUID; ids in the reply are made from it.
};

/// Everything the server does but for the network. Safe from any thread.
class Service {
 public:
  explicit Service(ServerOptions options);

  /// The reply to a request; a failure is a reply too.
  [[nodiscard]] HandledRequest handle(const Request& request, RequestContext occasion) const;

  /// The rules, and the only thing here that remembers.
  [[nodiscard]] Rulebook& rulebook() const { return *rulebook_; }

 private:
  /// Fills in `served`, and sets the clock of `occasion` when it is to be wrong.
  void answer(const Route& where, const Request& request, RequestContext& occasion,
              HandledRequest& served) const;
  void follow(const RuleMatch& matched, HandledRequest& served) const;

  ServerOptions options_;
  std::unique_ptr<Rulebook> rulebook_;
};

}  // namespace llm::local
