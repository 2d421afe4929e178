#pragma once

#include <concepts>
#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>

namespace llm {

template <typename Signature>
class Callback;

/// A function object that is moved, not copied: it may own what it captures. Empty by default;
/// calling an empty one is undefined. (`std::move_only_function` is not in every standard library.)
template <typename Return, typename... Arguments>
class Callback<Return(Arguments...)> {
 public:
  Callback() = default;
  Callback(std::nullptr_t) {}
  template <typename Function>
    requires(!std::same_as<std::remove_cvref_t<Function>, Callback> &&
             std::is_invocable_r_v<Return, std::decay_t<Function>&, Arguments...>)
  Callback(Function&& function)
      : target_(
            std::make_unique<Target<std::decay_t<Function>>>(std::forward<Function>(function))) {}

  [[nodiscard]] explicit operator bool() const { return target_ != nullptr; }

  /// Requires: not empty.
  Return operator()(Arguments... arguments) {
    return target_->call(std::forward<Arguments>(arguments)...);
  }

 private:
  struct Base {
    Base() = default;
    Base(const Base&) = delete;
    Base& operator=(const Base&) = delete;
    virtual ~Base() = default;
    virtual Return call(Arguments... arguments) = 0;
  };
  template <typename Function>
  struct Target final : Base {
    explicit Target(Function given) : function(std::move(given)) {}
    Return call(Arguments... arguments) override {
      return static_cast<Return>(function(std::forward<Arguments>(arguments)...));
    }
    Function function;
  };

  std::unique_ptr<Base> target_;
};

}  // namespace llm
