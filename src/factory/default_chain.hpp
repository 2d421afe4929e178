#pragma once

#include <memory>

#include <llm/aws/credentials.hpp>
#include <llm/error.hpp>

#include "port/system.hpp"

namespace llm::factory {

/// `llm::aws::default_chain`, reading the environment and files of `system`.
[[nodiscard]] Result<std::shared_ptr<const aws::CredentialsProvider>> default_chain_on(
    std::shared_ptr<const port::System> system, const aws::DefaultChainOptions& options);

}  // namespace llm::factory
