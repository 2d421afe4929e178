#include "local/model/vector.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>

#include "base/crc32.hpp"
#include "base/text.hpp"

namespace llm::local {
namespace {

/// The next pseudo-random number (SplitMix64).
std::uint64_t next(std::uint64_t& state) {
  state += 0x9E3779B97F4A7C15U;
  std::uint64_t mixed = state;
  mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9U;
  mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBU;
  return mixed ^ (mixed >> 31U);
}

/// Maps to -1 … 1.
double fraction(std::uint64_t random) {
  constexpr double kRange = 9007199254740992.0;  // 2^53
  return 2 * (static_cast<double>(random >> 11U) / kRange) - 1;
}

void add_word(std::string_view word, std::uint64_t salt, std::vector<double>& sum) {
  std::uint64_t state = salt ^ (std::uint64_t{base::crc32(word)} << 32U) ^ word.size();
  for (double& element : sum) element += fraction(next(state));
}

void normalise(std::vector<double>& vector) {
  double squares = 0;
  for (const double element : vector) squares += element * element;
  const double length = std::sqrt(squares);
  // Models compute in single precision.
  for (double& element : vector) element = static_cast<float>(element / length);
}

/// An element of a unit vector as one of 256 steps; it is rarely larger than 0.1.
std::int64_t signed_byte(double element) {
  constexpr double kStep = 1280;
  return std::clamp<std::int64_t>(std::llround(element * kStep), -128, 127);
}

/// The eight signs from `at` as one byte, the first in the highest bit.
std::int64_t packed_signs(const std::vector<double>& vector, std::size_t at) {
  std::int64_t byte = 0;
  for (std::size_t i = at; i < std::min(at + 8, vector.size()); ++i) {
    byte = byte * 2 + (vector[i] > 0 ? 1 : 0);
  }
  return byte;
}

}  // namespace

std::vector<double> unit_vector(std::string_view content, std::string_view model_id,
                                std::size_t size) {
  const std::uint64_t salt = base::crc32(model_id);
  const std::string lower = base::to_lower(content);
  std::vector<double> sum(size);
  add_word("", salt, sum);
  for (const std::string_view word : base::split(lower, ' ')) add_word(word, salt, sum);
  normalise(sum);
  return sum;
}

void write_vector(const std::vector<double>& vector, VectorType type, json::Writer& writer) {
  writer.begin_array();
  const bool packed = type == VectorType::binary || type == VectorType::ubinary;
  for (std::size_t i = 0; i < vector.size(); i += packed ? 8 : 1) {
    switch (type) {
      case VectorType::floats:
        writer.number(vector[i]);
        break;
      case VectorType::int8:
        writer.integer(signed_byte(vector[i]));
        break;
      case VectorType::uint8:
        writer.integer(signed_byte(vector[i]) + 128);
        break;
      case VectorType::binary:
        writer.integer(packed_signs(vector, i) - 128);
        break;
      case VectorType::ubinary:
        writer.integer(packed_signs(vector, i));
        break;
      case VectorType::bits:
        writer.integer(vector[i] > 0 ? 1 : 0);
        break;
    }
  }
  writer.end_array();
}

}  // namespace llm::local
