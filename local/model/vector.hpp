#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "json/writer.hpp"

namespace llm::local {

/// A unit vector for `content`, always the same. Contents that share words point in similar
/// directions; the vectors of two models are unrelated. As recorded from Titan, a shorter vector is
/// the beginning of a longer one, normalised. Requires: size is not 0.
[[nodiscard]] std::vector<double> unit_vector(std::string_view content, std::string_view model_id,
                                              std::size_t size);

/// How an embedding model encodes a vector.
enum class VectorType { floats, int8, uint8, binary, ubinary, bits };

/// Writes `vector` as an array: floats; bytes of -128 … 127 or 0 … 255; signs packed eight to a
/// byte, signed or not; or signs as 0 and 1.
/// Source: Bedrock User Guide, "Cohere Embed models" and "Amazon Titan Text Embeddings".
void write_vector(const std::vector<double>& vector, VectorType type, json::Writer& writer);

}  // namespace llm::local
