#pragma once

#include <memory>

#include <llm/async_provider.hpp>
#include <llm/client.hpp>

#include "loop/core.hpp"

namespace llm::async_parts {

/// What the copies of an AsyncClient share.
struct Context {
  std::shared_ptr<const Provider> blocking;
  loop::Core& loop;
  std::unique_ptr<AsyncProvider> async;
};

}  // namespace llm::async_parts
