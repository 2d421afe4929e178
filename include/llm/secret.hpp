#pragma once

#include <llm/cxx23.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace llm {

/// A string that cannot be printed, logged or compared by accident, and is overwritten when it
/// goes. Reading it takes the word `reveal`, so that each use can be found by a search.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}
  Secret(const Secret&) = default;
  Secret(Secret&& other) noexcept;
  Secret& operator=(const Secret& other);
  Secret& operator=(Secret&& other) noexcept;
  ~Secret();

  /// The text itself. The view lives as long as this object is not changed.
  [[nodiscard]] std::string_view reveal() const { return value_; }
  [[nodiscard]] bool empty() const { return value_.empty(); }

  /// Equality in a time that depends on the lengths alone.
  friend bool operator==(const Secret& left, const Secret& right);

 private:
  void wipe() noexcept;

  std::string value_;
};

}  // namespace llm
