#include "http/early_bytes.hpp"

#include <utility>

namespace llm::http {
namespace {

// What comes with a head is seldom more: many pieces are not to be moved for each doubling.
constexpr std::size_t kUsualBytes = 8 * 1024;
constexpr std::size_t kUsualPieces = 32;

}  // namespace

void EarlyBytes::add(std::string_view piece) {
  if (ends_.size() == 1) {
    bytes_.reserve(kUsualBytes);
    ends_.reserve(kUsualPieces);
  }
  bytes_.append(piece);
  ends_.push_back(bytes_.size());
}

void EarlyBytes::hand_out(ByteSink& sink) {
  const std::size_t begin = next_ == 0 ? 0 : ends_[next_ - 1];
  const std::size_t end = ends_[next_++];
  if (!empty()) {
    sink.on_bytes(std::string_view(bytes_).substr(begin, end - begin));
    return;
  }
  // The last of them: the memory is given back before the rest of the answer comes.
  const std::string bytes = std::exchange(bytes_, {});
  clear();
  sink.on_bytes(std::string_view(bytes).substr(begin));
}

}  // namespace llm::http
