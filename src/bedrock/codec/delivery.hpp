#pragma once

namespace llm::bedrock {

/// Whether a response arrives as one body or as a stream of events.
enum class Delivery { buffered, streaming };

}  // namespace llm::bedrock
