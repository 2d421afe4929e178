#include "base/base64.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

#include "base/base64_avx2.hpp"

namespace llm::base {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrlAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

using CharacterPair = std::array<char, 2>;

// The two characters for every 12 bits: half as many lookups as with a table of 64.
constexpr auto kPairs = [] {
  std::array<CharacterPair, 4096> pairs{};
  for (std::size_t bits = 0; bits < pairs.size(); ++bits) {
    pairs[bits] = {kAlphabet[bits >> 6], kAlphabet[bits & 63]};
  }
  return pairs;
}();

// Set in a table entry whose character is outside the alphabet; no 24-bit value has this bit.
constexpr std::uint32_t kInvalid = 1U << 31;

using DecodeTable = std::array<std::uint32_t, 256>;

// The value of a character, shifted to its place in the 24 bits.
constexpr DecodeTable decode_table(int shift) {
  DecodeTable table{};
  table.fill(kInvalid);
  for (std::uint32_t value = 0; value < kAlphabet.size(); ++value) {
    table[static_cast<unsigned char>(kAlphabet[value])] = value << shift;
  }
  return table;
}

constexpr std::array<DecodeTable, 4> kDecode = {decode_table(18), decode_table(12), decode_table(6),
                                                decode_table(0)};

std::uint32_t byte_at(std::string_view bytes, std::size_t index) {
  return static_cast<unsigned char>(bytes[index]);
}

std::uint64_t load_big_endian(const char* bytes) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  if constexpr (std::endian::native == std::endian::little) word = __builtin_bswap64(word);
  return word;
}

// The 24 bits of four characters; kInvalid is set when one is outside the alphabet.
std::uint32_t decode_quad(const char* text) {
  const auto value = [text](std::size_t i) {
    return kDecode[i][static_cast<unsigned char>(text[i])];
  };
  return value(0) | value(1) | value(2) | value(3);
}

}  // namespace

std::size_t encode_groups_scalar(std::string_view bytes, char* out) {
  std::size_t taken = 0;
  // Six bytes a step, read as eight.
  for (; taken + 8 <= bytes.size(); taken += 6, out += 8) {
    const std::uint64_t word = load_big_endian(bytes.data() + taken);
    std::memcpy(out, &kPairs[word >> 52], 2);
    std::memcpy(out + 2, &kPairs[word >> 40 & 0xFFF], 2);
    std::memcpy(out + 4, &kPairs[word >> 28 & 0xFFF], 2);
    std::memcpy(out + 6, &kPairs[word >> 16 & 0xFFF], 2);
  }
  for (; taken + 3 <= bytes.size(); taken += 3, out += 4) {
    const std::uint32_t bits =
        byte_at(bytes, taken) << 16 | byte_at(bytes, taken + 1) << 8 | byte_at(bytes, taken + 2);
    std::memcpy(out, &kPairs[bits >> 12], 2);
    std::memcpy(out + 2, &kPairs[bits & 0xFFF], 2);
  }
  return taken;
}

bool decode_groups_scalar(std::string_view text, char* out) {
  std::uint32_t seen = 0;
  for (std::size_t i = 0; i < text.size(); i += 4, out += 3) {
    const std::uint32_t bits = decode_quad(text.data() + i);
    seen |= bits;
    out[0] = static_cast<char>(bits >> 16);
    out[1] = static_cast<char>(bits >> 8);
    out[2] = static_cast<char>(bits);
  }
  return (seen & kInvalid) == 0;
}

namespace {

// Encodes all complete groups of three bytes; returns how many bytes were used.
std::size_t encode_groups(std::string_view bytes, char* out) {
  std::size_t taken = 0;
  if (bytes.size() >= avx2::kBlockBytes && avx2::is_available()) {
    taken = avx2::encode_groups(bytes, out);
  }
  return taken + encode_groups_scalar(bytes.substr(taken), out + taken / 3 * 4);
}

void encode(std::string_view bytes, char* out) {
  const std::size_t taken = encode_groups(bytes, out);
  const std::size_t rest = bytes.size() - taken;
  if (rest == 0) return;

  std::uint32_t bits = byte_at(bytes, taken) << 16;
  if (rest == 2) bits |= byte_at(bytes, taken + 1) << 8;
  char* last = out + taken / 3 * 4;
  std::memcpy(last, &kPairs[bits >> 12], 2);
  last[2] = rest == 2 ? kAlphabet[bits >> 6 & 63] : '=';
  last[3] = '=';
}

// Decodes each four characters to three bytes. False for a character outside the alphabet.
bool decode_groups(std::string_view text, char* out) {
  std::size_t taken = 0;
  if (text.size() >= avx2::kBlockCharacters && avx2::is_available()) {
    taken = avx2::decode_groups(text, out);
  }
  // Also when AVX2 stopped early: the invalid character is then refused here.
  return decode_groups_scalar(text.substr(taken), out + taken / 4 * 3);
}

// Decodes the one or two bytes of a last group with `padding` padding characters. False if invalid.
bool decode_padded(std::string_view group, std::size_t padding, char* out) {
  const std::array characters = {group[0], group[1], padding == 1 ? group[2] : 'A', 'A'};
  const std::uint32_t bits = decode_quad(characters.data());
  // Unused bits must be zero, or two texts would decode to the same bytes.
  const std::uint32_t unused = padding == 2 ? 0xFFFF : 0xFF;
  if ((bits & (kInvalid | unused)) != 0) return false;
  out[0] = static_cast<char>(bits >> 16);
  if (padding == 1) out[1] = static_cast<char>(bits >> 8);
  return true;
}

}  // namespace

void append_base64(std::string_view bytes, std::string& out) {
  const std::size_t old_size = out.size();
  const std::size_t new_size = old_size + base64_size(bytes.size());
  out.resize_and_overwrite(new_size, [&](char* data, std::size_t) {
    encode(bytes, data + old_size);
    return new_size;
  });
}

std::string base64url(std::string_view bytes) {
  std::string text;
  append_base64(bytes, text);
  text.erase(text.find_last_not_of('=') + 1);
  for (char& character : text) {
    character = kUrlAlphabet[kDecode[3][static_cast<unsigned char>(character)]];
  }
  return text;
}

bool append_base64_decoded(std::string_view text, std::string& out) {
  if (text.size() % 4 != 0) return false;
  if (text.empty()) return true;

  std::size_t padding = 0;
  if (text.back() == '=') padding = text[text.size() - 2] == '=' ? 2 : 1;
  const std::string_view full_groups = text.substr(0, text.size() - (padding > 0 ? 4 : 0));
  const std::size_t old_size = out.size();
  const std::size_t new_size = old_size + text.size() / 4 * 3 - padding;
  bool valid = false;
  // libstdc++ 12 may pass the capacity as the size.
  out.resize_and_overwrite(new_size, [&](char* data, std::size_t) {
    char* const last = data + old_size + full_groups.size() / 4 * 3;
    valid = decode_groups(full_groups, data + old_size) &&
            (padding == 0 || decode_padded(text.substr(full_groups.size()), padding, last));
    return valid ? new_size : old_size;
  });
  return valid;
}

}  // namespace llm::base
