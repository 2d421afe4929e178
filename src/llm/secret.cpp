#include <llm/secret.hpp>

#include <openssl/crypto.h>
#include <string.h>  // explicit_bzero

namespace llm {

Secret::Secret(Secret&& other) noexcept : value_(std::move(other.value_)) { other.wipe(); }

Secret& Secret::operator=(const Secret& other) {
  if (this == &other) return *this;
  // Into a copy first: growing in place would leave the old text in freed memory.
  std::string copy = other.value_;
  wipe();
  value_.swap(copy);
  return *this;
}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this == &other) return *this;
  wipe();
  value_ = std::move(other.value_);
  other.wipe();
  return *this;
}

Secret::~Secret() { wipe(); }

bool operator==(const Secret& left, const Secret& right) {
  if (left.value_.size() != right.value_.size()) return false;
  return CRYPTO_memcmp(left.value_.data(), right.value_.data(), left.value_.size()) == 0;
}

void Secret::wipe() noexcept {
  // The whole capacity: a short text may have replaced a longer one, and a short text that was
  // moved away is still in the object itself.
  value_.resize(value_.capacity());
  ::explicit_bzero(value_.data(), value_.size());
  value_.clear();
}

}  // namespace llm
