#pragma once

#include <cstddef>
#include <string_view>

#if defined(__x86_64__)
#include <immintrin.h>
// The header of glibc 2.36 uses _Bool, which clang accepts in C only.
#if __has_include(<sys/platform/x86.h>) && !defined(__clang__)
#include <sys/platform/x86.h>
#endif
#endif

// Complete base64 groups (three bytes, four characters): eight groups a step with AVX2, and scalar
// code that does the same on any processor. For base64.cpp and its test.
//
// The method: W. Muła, D. Lemire, "Faster Base64 Encoding and Decoding Using AVX2 Instructions",
// ACM Transactions on the Web 12(3), 2018. Everything here is inline: the tool that makes the
// catalogue compiles base64.cpp without the rest of the library.
namespace llm::base {

/// Encodes all complete groups of `bytes` to `out`; returns how many bytes were used.
[[nodiscard]] std::size_t encode_groups_scalar(std::string_view bytes, char* out);

/// Decodes each four characters of `text` to three bytes in `out`. False for a character outside
/// the alphabet; `out` then holds garbage. Requires: the size of `text` is a multiple of four.
[[nodiscard]] bool decode_groups_scalar(std::string_view text, char* out);

namespace avx2 {

/// Size of one step: a register of characters, and the bytes they encode.
inline constexpr std::size_t kBlockCharacters = 32;
inline constexpr std::size_t kBlockBytes = 24;

#if defined(__x86_64__)

/// Whether this processor and operating system support AVX2.
[[nodiscard]] inline bool is_available() {
#if defined(CPU_FEATURE_ACTIVE)
  // The C library knows already. Asking the processor takes 80 µs of each start on a virtual
  // machine, where every CPUID goes to the host.
  return CPU_FEATURE_ACTIVE(AVX2);
#else
  static const bool available = __builtin_cpu_supports("avx2") != 0;
  return available;
#endif
}

// Copies `half` to both halves: the shuffles below look up within 16 bytes.
[[gnu::target("avx2")]] inline __m256i twice(__m128i half) {
  return _mm256_broadcastsi128_si256(half);
}

// Encodes 24 bytes to exactly 32 characters.
[[gnu::target("avx2")]] inline void encode_block(const char* bytes, char* out) {
  // Bytes 0..15 and 8..23: the low half works on its first twelve, the high half on its last.
  const __m128i low = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes));
  const __m128i high = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + 8));
  // The bytes 0 1 2 of a group become 1 0 2 1. Of its four values, bits aaaaaabb bbbbcccc ccdddddd,
  // a and b are then in the lower 16 bits (bytes 0, 1), c and d in the upper (1, 2).
  const __m256i groups =
      _mm256_shuffle_epi8(_mm256_inserti128_si256(_mm256_castsi128_si256(low), high, 1),
                          _mm256_setr_epi8(1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10,  //
                                           5, 4, 6, 5, 8, 7, 9, 8, 11, 10, 12, 11, 14, 13, 15, 14));
  // A different shift for each 16 bits, done by multiplication. Right, by taking the upper half of
  // a product: a by 10 (2^6 = 2^(16-10)), c by 6 (2^10). Left: b by 4, d by 8.
  const __m256i a_and_c = _mm256_mulhi_epu16(
      _mm256_and_si256(groups, _mm256_set1_epi32(0x0FC0'FC00)), _mm256_set1_epi32(0x0400'0040));
  const __m256i b_and_d = _mm256_mullo_epi16(
      _mm256_and_si256(groups, _mm256_set1_epi32(0x003F'03F0)), _mm256_set1_epi32(0x0100'0010));
  const __m256i values = _mm256_or_si256(a_and_c, b_and_d);

  // One row for each run of characters at the same distance from their values: 0 for values up to
  // 25, 1 up to 51, then one for each of the remaining twelve.
  const __m256i after_letters = _mm256_subs_epu8(values, _mm256_set1_epi8(51));
  const __m256i after_capitals = _mm256_cmpgt_epi8(values, _mm256_set1_epi8(25));
  const __m256i rows = _mm256_sub_epi8(after_letters, after_capitals);  // "True" is -1.
  constexpr char kDigit = '0' - 52;
  const __m256i distances =
      twice(_mm_setr_epi8('A', 'a' - 26, kDigit, kDigit, kDigit, kDigit, kDigit, kDigit, kDigit,
                          kDigit, kDigit, kDigit, '+' - 62, '/' - 63, 0, 0));
  const __m256i characters = _mm256_add_epi8(values, _mm256_shuffle_epi8(distances, rows));
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), characters);
}

// Decodes 32 characters to exactly 24 bytes. False, with nothing written, for a character outside
// the alphabet.
[[gnu::target("avx2")]] inline bool decode_block(const char* text, char* out) {
  const __m256i characters = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text));
  // 0x0F would suffice to mask a nibble. The extra bit is harmless, because a shuffle uses only the
  // bits 0x8F of an index, and saves a constant: 0x2F is '/' as well.
  const __m256i slash = _mm256_set1_epi8('/');
  const __m256i high = _mm256_and_si256(_mm256_srli_epi32(characters, 4), slash);
  const __m256i low = _mm256_and_si256(characters, slash);

  // The high nibble gives a character's kind, the low nibble the kinds it is invalid for: 0x01 for
  // 2x, valid + (2B) and / (2F); 0x02 for 3x, valid 0..9; 0x04 for 4x and 6x, valid 1..F (A..O,
  // a..o); 0x08 for 5x and 7x, valid 0..A (P..Z, p..z); 0x10 for those that are never valid.
  const __m256i kinds = twice(_mm_setr_epi8(0x10, 0x10, 0x01, 0x02, 0x04, 0x08, 0x04, 0x08,  //
                                            0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10));
  const __m256i refused = twice(_mm_setr_epi8(0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11,  //
                                              0x11, 0x11, 0x13, 0x1A, 0x1B, 0x1B, 0x1B, 0x1A));
  if (_mm256_testz_si256(_mm256_shuffle_epi8(kinds, high), _mm256_shuffle_epi8(refused, low)) ==
      0) {
    return false;
  }

  // What to add to get the value, by the high nibble. Only '/' differs from its neighbour '+'; it
  // uses row 1, because its comparison gives -1.
  const __m256i distances = twice(_mm_setr_epi8(0, 63 - '/', 62 - '+', 52 - '0', 0 - 'A', 0 - 'A',
                                                26 - 'a', 26 - 'a', 0, 0, 0, 0, 0, 0, 0, 0));
  const __m256i rows = _mm256_add_epi8(high, _mm256_cmpeq_epi8(characters, slash));
  const __m256i values = _mm256_add_epi8(characters, _mm256_shuffle_epi8(distances, rows));

  // For the values a b c d of each group: first a * 2^6 + b and c * 2^6 + d, then ab * 2^12 + cd.
  const __m256i pairs = _mm256_maddubs_epi16(values, _mm256_set1_epi32(0x0140'0140));
  const __m256i groups = _mm256_madd_epi16(pairs, _mm256_set1_epi32(0x0001'1000));
  // The three bytes of each group in order; each half then holds twelve bytes and four zeros.
  const __m256i packed = _mm256_shuffle_epi8(
      groups, twice(_mm_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1)));
  // In words of four bytes: 0 1 2 - 3 4 5 -. Stored as 0..3, then as 2..5 over the last two.
  const __m256i both =
      _mm256_permutevar8x32_epi32(packed, _mm256_setr_epi32(0, 1, 2, 4, 2, 4, 5, 6));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out), _mm256_castsi256_si128(both));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out + 8), _mm256_extracti128_si256(both, 1));
  return true;
}

/// As encode_groups_scalar.
/// Requires: is_available(); at least kBlockBytes.
[[nodiscard]] [[gnu::target("avx2")]] inline std::size_t encode_groups(std::string_view bytes,
                                                                       char* out) {
  const std::size_t size = bytes.size() / 3 * 3;
  // The last block overlaps the one before it; both write the same characters there.
  const std::size_t last = size - kBlockBytes;
  for (std::size_t at = 0; at < last; at += kBlockBytes) {
    encode_block(bytes.data() + at, out + at / 3 * 4);
  }
  encode_block(bytes.data() + last, out + last / 3 * 4);
  return size;
}

/// Decodes each four characters of `text` to three bytes in `out`; returns how many characters were
/// used: fewer than all when one is outside the alphabet.
/// Requires: is_available(); the size of `text` is a multiple of four, and at least
/// kBlockCharacters.
[[nodiscard]] [[gnu::target("avx2")]] inline std::size_t decode_groups(std::string_view text,
                                                                       char* out) {
  const std::size_t last = text.size() - kBlockCharacters;
  for (std::size_t at = 0; at < last; at += kBlockCharacters) {
    if (!decode_block(text.data() + at, out + at / 4 * 3)) return at;
  }
  return decode_block(text.data() + last, out + last / 4 * 3) ? text.size() : last;
}

#else

[[nodiscard]] constexpr bool is_available() { return false; }
[[nodiscard]] inline std::size_t encode_groups(std::string_view, char*) { return 0; }
[[nodiscard]] inline std::size_t decode_groups(std::string_view, char*) { return 0; }

#endif

}  // namespace avx2
}  // namespace llm::base
