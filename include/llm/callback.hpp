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
/// calling an empty one is undefined. One that captures at most three pointers' worth is kept
/// inside, without an allocation. (`std::move_only_function` is not in every standard library.)
template <typename Return, typename... Arguments>
class Callback<Return(Arguments...)> {
 public:
  Callback() = default;
  Callback(std::nullptr_t) {}
  template <typename Function>
    requires(!std::same_as<std::remove_cvref_t<Function>, Callback> &&
             std::is_invocable_r_v<Return, std::decay_t<Function>&, Arguments...>)
  Callback(Function&& function) {
    using Kept = std::decay_t<Function>;
    if constexpr (fits<Kept>) {
      emplace<Kept>(std::forward<Function>(function));
    } else {
      emplace<Boxed<Kept>>(std::make_unique<Kept>(std::forward<Function>(function)));
    }
  }
  Callback(Callback&& other) noexcept { take(other); }
  Callback& operator=(Callback&& other) noexcept {
    if (this != &other) {
      reset();
      take(other);
    }
    return *this;
  }
  ~Callback() { reset(); }

  [[nodiscard]] explicit operator bool() const { return kind_ != nullptr; }

  /// Requires: not empty.
  Return operator()(Arguments... arguments) {
    return kind_->call(place(), std::forward<Arguments>(arguments)...);
  }

 private:
  static constexpr std::size_t kInside = 3 * sizeof(void*);
  template <typename Function>
  static constexpr bool fits = sizeof(Function) <= kInside && alignof(Function) <= alignof(void*) &&
                               std::is_nothrow_move_constructible_v<Function>;

  /// What can be done with the function inside.
  struct Kind {
    Return (*call)(void* function, Arguments&&... arguments);
    void (*move)(void* from, void* to) noexcept;  ///< Destroys `from`.
    void (*destroy)(void* function) noexcept;
  };

  template <typename Function>
  struct Boxed {
    explicit Boxed(std::unique_ptr<Function> given) : function(std::move(given)) {}
    Return operator()(Arguments... arguments) {
      return static_cast<Return>((*function)(std::forward<Arguments>(arguments)...));
    }
    std::unique_ptr<Function> function;
  };

  template <typename Function>
  static constexpr Kind kKindOf = {
      [](void* function, Arguments&&... arguments) -> Return {
        return static_cast<Return>(
            (*static_cast<Function*>(function))(std::forward<Arguments>(arguments)...));
      },
      [](void* from, void* to) noexcept {
        std::construct_at(static_cast<Function*>(to), std::move(*static_cast<Function*>(from)));
        std::destroy_at(static_cast<Function*>(from));
      },
      [](void* function) noexcept { std::destroy_at(static_cast<Function*>(function)); }};

  [[nodiscard]] void* place() { return storage_; }
  template <typename Function, typename Argument>
  void emplace(Argument&& argument) {
    std::construct_at(static_cast<Function*>(place()), std::forward<Argument>(argument));
    kind_ = &kKindOf<Function>;
  }
  void take(Callback& other) noexcept {
    if (other.kind_ == nullptr) return;
    other.kind_->move(other.place(), place());
    kind_ = std::exchange(other.kind_, nullptr);
  }
  void reset() noexcept {
    if (const Kind* const kind = std::exchange(kind_, nullptr)) kind->destroy(place());
  }

  const Kind* kind_ = nullptr;
  alignas(void*) std::byte storage_[kInside];  // NOLINT(*-avoid-c-arrays): raw memory
};

}  // namespace llm
