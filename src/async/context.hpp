#pragma once

#include <memory>
#include <utility>

#include <llm/async_provider.hpp>
#include <llm/client.hpp>

#include "loop/core.hpp"
#include "port/fork.hpp"

namespace llm::async_parts {

/// What the copies of an AsyncClient share.
struct Context {
  Context(std::shared_ptr<const Provider> blocking_provider, loop::Core& core,
          std::unique_ptr<AsyncProvider> async_provider)
      : blocking(std::move(blocking_provider)), loop(core), async(std::move(async_provider)) {}
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context() {
    if (!process.is_current()) port::abandon(std::move(async));
  }

  port::ProcessMark process;  ///< Which `async` is for.
  std::shared_ptr<const Provider> blocking;
  loop::Core& loop;
  std::unique_ptr<AsyncProvider> async;
};

}  // namespace llm::async_parts
