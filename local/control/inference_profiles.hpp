#pragma once

#include <span>
#include <string_view>

#include <llm/local/server.hpp>

#include "local/frontend/refusal.hpp"
#include "local/http/message.hpp"

namespace llm::local {

/// ListInferenceProfiles: the system-defined profiles of `region`, filtered by `type` and in pages
/// of `maxResults`. There are no application profiles.
[[nodiscard]] Checked<Reply> list_inference_profiles(std::string_view query,
                                                     std::string_view region);

/// GetInferenceProfile for the id or the ARN of a profile of `region`, or an alias, which is an
/// application profile.
[[nodiscard]] Checked<Reply> get_inference_profile(std::string_view identifier,
                                                   std::string_view region,
                                                   std::span<const ModelAlias> aliases = {});

/// Refuses an inference profile that callers in `region` do not have. Any other identifier passes.
[[nodiscard]] Checked<void> check_geography(std::string_view identifier, std::string_view region);

}  // namespace llm::local
