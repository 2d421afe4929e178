#pragma once

#include <llm/cxx23.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace llm {

/// A string that cannot be printed, logged or compared by accident. Its memory is overwritten when
/// it is destroyed. Reading it takes a call of `reveal`, so that every use can be found by search.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}
  Secret(const Secret&) = default;
  Secret(Secret&& other) noexcept;
  Secret& operator=(const Secret& other);
  Secret& operator=(Secret&& other) noexcept;
  ~Secret();

  /// The secret itself. The view stays valid until this object is changed.
  [[nodiscard]] std::string_view reveal() const { return value_; }
  [[nodiscard]] bool empty() const { return value_.empty(); }

  /// Compares in a time that depends only on the lengths.
  friend bool operator==(const Secret& left, const Secret& right);

 private:
  void wipe() noexcept;

  std::string value_;
};

}  // namespace llm
