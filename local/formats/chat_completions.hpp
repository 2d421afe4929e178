#pragma once

#include <string>
#include <vector>

#include "local/formats/native_format.hpp"
#include "local/model/prompt.hpp"

namespace llm::local {

/// A completion as InvokeModel writes it, with the reasoning in a tag before the text.
[[nodiscard]] std::string write_invoked_completion(const Completion& completion,
                                                   const ReplyFacts& facts);

/// The same as the chunks of a stream; the last one has the finish reason and the metrics.
[[nodiscard]] std::vector<std::string> write_invoked_chunks(const Completion& completion,
                                                            const ReplyFacts& facts);

/// Whether a stream reports its usage.
enum class StreamUsage { left_out, included };

/// A completion as bedrock-mantle writes it: as InvokeModel does, but with the reasoning apart from
/// the text, and with the tokens from the cache.
[[nodiscard]] std::string write_chat_completion(const Completion& completion,
                                                const ReplyFacts& facts);

/// The same as the chunks of a stream: the last but one has the finish reason, the last one the
/// usage and no choice. Source: maximhq/bifrost#7065.
[[nodiscard]] std::vector<std::string> write_chat_completion_chunks(const Completion& completion,
                                                                    const ReplyFacts& facts,
                                                                    StreamUsage usage);

}  // namespace llm::local
