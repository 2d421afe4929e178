#pragma once

// What the mutators share. A mutator cuts an input into pieces, changes some, and joins them again.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// libFuzzer's own mutation; returns the new size.
extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace llm::fuzz {

/// The choices of one mutation.
class Chance {
 public:
  explicit Chance(unsigned seed) : engine_(seed) { engine_.discard(2); }

  /// 0 .. end - 1; 0 for an `end` of 0.
  std::size_t below(std::size_t end) { return end == 0 ? 0 : engine_() % end; }
  bool one_in(std::size_t count) { return below(count) == 0; }

 private:
  std::minstd_rand engine_;
};

/// Changes bytes by libFuzzer's own mutation, and grows them by `growth` at most.
inline void mutate_bytes(std::string& bytes, std::size_t growth = 32) {
  const std::size_t before = bytes.size();
  bytes.resize(before + growth + 1);  // libFuzzer wants room
  auto* data = reinterpret_cast<std::uint8_t*>(bytes.data());
  bytes.resize(LLVMFuzzerMutate(data, before, before + growth));
}

/// Deletes a piece, doubles it, moves it, or swaps two. Requires: there is one.
inline void rearrange(std::vector<std::string>& pieces, Chance& chance) {
  const std::size_t from = chance.below(pieces.size());
  const std::size_t to = chance.below(pieces.size());
  const auto place = [&](std::size_t index) {
    return pieces.begin() + static_cast<std::ptrdiff_t>(index);
  };
  switch (chance.below(4)) {
    case 0:
      pieces.erase(place(from));
      break;
    case 1: {
      std::string copy = pieces[from];
      pieces.insert(place(to), std::move(copy));
      break;
    }
    case 2: {
      std::string moved = std::move(pieces[from]);
      pieces.erase(place(from));
      pieces.insert(place(std::min(to, pieces.size())), std::move(moved));
      break;
    }
    default:
      std::swap(pieces[from], pieces[to]);
  }
}

inline std::string joined(const std::vector<std::string>& pieces) {
  std::string all;
  for (const std::string& piece : pieces) all += piece;
  return all;
}

inline std::string_view as_text(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// Returns the size of what fits.
inline std::size_t store(std::string_view text, std::uint8_t* data, std::size_t max_size) {
  const std::size_t size = std::min(text.size(), max_size);
  std::memcpy(data, text.data(), size);
  return size;
}

}  // namespace llm::fuzz
