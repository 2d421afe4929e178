#pragma once

#include <string>

#include <llm/local/server.hpp>

#include "base/time.hpp"
#include "local/exchange.hpp"

namespace llm::local {

// The local Bedrock, from the wire inwards:
//
//   listener     HTTP on Boost.Asio, one thread, one coroutine a connection. It makes a Request of
//                bytes and bytes of a Reply, and knows nothing of AWS.
//     connection       bytes in clear or under TLS; with the listener and the two sessions all that
//                      includes Boost
//     http1_session    HTTP/1.1 with Boost.Beast
//     http2_session    HTTP/2: the glue between nghttp2 and Asio
//   service      Request → Reply. Pure: all that it knows is its options and the Occasion.
//     router           which operation; splits the path before it decodes it
//     authentication   SigV4 worked out again, bearer keys, in the words of AWS's front end
//     invoke           InvokeModel, InvokeModelWithResponseStream; event-stream frames
//       invoke_headers   guardrail, latency and tier, as the headers name them
//       models           the server's own table of models; model_table is its data
//       form             one file a wire form: claude_messages, claude_text, titan_text, llama.
//                        read: body → Conversation, or a Refusal in Bedrock's words;
//                        whole, pieces: Answer → reply
//     converse         Converse, ConverseStream: one form for every model
//       shapes, service_model    what AWS says that a request may hold
//       converse_request     system, inference, tools; converse_messages, converse_media the rest
//       guardrail            names of guardrails, and the trace of one that does nothing
//       response_fields      what of the model's own reply was asked for besides
//       converse_reply       Answer → reply or events
//       answer           Conversation → Answer, the same for every wire form
//     embeddings       InvokeModel of models that make vectors, one file a family
//     count_tokens     CountTokens: reads as invoke or converse do, and counts
//     apply_guardrail  ApplyGuardrail: an echo
//     control_plane    ListFoundationModels, GetFoundationModel, GetFoundationModelAvailability
//       inference_profiles   ListInferenceProfiles, GetInferenceProfile
//   server       what users start: a service, a listener, counts
//
// A Reply is data down to its frames and their delays, so what goes wrong on the wire can be
// prepared like everything else. Nothing here is shared with src/bedrock: client and server read
// the formats independently, and each is the other's witness.

/// What a request does not say about itself.
struct Occasion {
  base::TimePoint now{};
  std::string request_id{};  ///< A UUID; ids in the reply are made from it.
};

/// Everything the server does but for the network. Safe from any thread.
class Service {
 public:
  explicit Service(ServerOptions options) : options_(std::move(options)) {}

  /// The reply to a request; a failure is a reply too.
  [[nodiscard]] Reply handle(const Request& request, const Occasion& occasion) const;

 private:
  [[nodiscard]] Reply answer(const Request& request, const Occasion& occasion) const;

  ServerOptions options_;
};

}  // namespace llm::local
