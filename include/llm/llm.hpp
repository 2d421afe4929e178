#pragma once

// Everything that is independent of the provider and blocks. The event loop is in
// <llm/async_client.hpp>, provider-specific headers are in <llm/bedrock/>, <llm/aws/> and
// <llm/local/>.
#include <llm/chat.hpp>          // IWYU pragma: export
#include <llm/client.hpp>        // IWYU pragma: export
#include <llm/embedding.hpp>     // IWYU pragma: export
#include <llm/error.hpp>         // IWYU pragma: export
#include <llm/factory.hpp>       // IWYU pragma: export
#include <llm/health.hpp>        // IWYU pragma: export
#include <llm/json.hpp>          // IWYU pragma: export
#include <llm/message.hpp>       // IWYU pragma: export
#include <llm/model.hpp>         // IWYU pragma: export
#include <llm/options.hpp>       // IWYU pragma: export
#include <llm/request_json.hpp>  // IWYU pragma: export
#include <llm/secret.hpp>        // IWYU pragma: export
#include <llm/stream.hpp>        // IWYU pragma: export
#include <llm/token_count.hpp>   // IWYU pragma: export
#include <llm/tool.hpp>          // IWYU pragma: export
#include <llm/tool_loop.hpp>     // IWYU pragma: export
#include <llm/transport.hpp>     // IWYU pragma: export
#include <llm/version.hpp>       // IWYU pragma: export
